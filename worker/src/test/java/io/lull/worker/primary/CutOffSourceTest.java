package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lull.worker.capture.Capture;
import io.lull.worker.capture.CaptureHandler;
import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.capture.SourceState;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import io.lull.worker.qemu.PausedFrames;
import io.lull.worker.qemu.Qmp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a guest that is let run is cut off before, and connected after. */
class CutOffSourceTest implements Qmp {
    private final List<String> done = new ArrayList<>();
    private final Steps steps = new Steps();
    private final CutOffSource source =
            new CutOffSource(steps, new PausedFrames(Optional.of("net0")), this, this::nowNanos, this::quietSince);
    private long nowNanos = 7;
    private long leftNanos = nowNanos - 3_000_001;
    private boolean running = true;
    private boolean refuses;

    @Test
    void aPauseOfTheUsualLengthIsLeftAlone() throws IOException {
        steps.pauseNanos = Commits.LATE_NANOS - 1;
        source.run(new Ignoring());
        assertThat(done).containsExactly("paused", "resumed", "staging");
    }

    @Test
    void afterALatePauseTheGuestIsConnectedOnlyOnceItRuns() throws IOException {
        steps.pauseNanos = Commits.LATE_NANOS;
        source.run(new Ignoring());
        assertThat(done).containsExactly("paused", "down", "resumed", "up", "staging");
    }

    @Test
    void aSourceThatIsClosedInAPauseLetsNothingOutThatLeftTheGateSinceTheTriggerOrJustBefore() throws IOException {
        leftNanos = nowNanos - 3_000_000;
        closeInAPause(1);
        assertThat(done).containsExactly("down", "closed", "up");
    }

    @Test
    void aSourceThatIsClosedInAPauseWithNothingThatWaitsKeepsItsGuestOnTheNetwork() throws IOException {
        closeInAPause(Commits.LATE_NANOS - 1);
        assertThat(done).containsExactly("closed");
    }

    @Test
    void aPauseThatIsLateSaysNothingOfWhatQemuHadSentBefore() throws IOException {
        closeInAPause(Commits.LATE_NANOS);
        assertThat(done).containsExactly("down", "closed", "up");
    }

    @Test
    void aTriggerThatWasNotTakenSaysNothingOfWhetherTheGuestRan() throws IOException {
        steps.pauses = false;
        closeInAPause(1);
        assertThat(done).containsExactly("down", "closed", "up");
    }

    private void closeInAPause(long sinceTriggerNanos) throws IOException {
        source.pause();
        steps.state = SourceState.PAUSED;
        running = false;
        nowNanos += sinceTriggerNanos;
        source.close(true);
    }

    @Test
    void aSourceThatIsClosedWhileTheGuestRunsOrWhereItStaysIsLeftAlone() {
        steps.state = SourceState.RUNNING;
        source.close(true);
        steps.state = SourceState.STANDING;
        running = false;
        source.close(false);
        assertThat(done).containsExactly("closed", "closed");
    }

    @Test
    void oneThatAnOperatorHasStoppedLetsNothingOutWhenTheSourceEndsBetweenCheckpoints() {
        steps.state = SourceState.PENDING;
        running = false;
        source.close(true);
        assertThat(done).containsExactly("down", "closed", "up");
    }

    @Test
    void aGuestIsLetRunThoughQemuRefusesToCutItOff() throws IOException {
        steps.pauseNanos = Commits.LATE_NANOS;
        refuses = true;
        source.run(new Ignoring());
        assertThat(done).containsExactly("paused", "resumed", "staging");
    }

    @Override
    public JsonNode execute(String command, Map<String, ?> arguments) throws IOException {
        if (refuses) {
            throw new IOException("QEMU refused " + command);
        }
        if (command.equals("set_link")) {
            assertThat(arguments.get("name")).isEqualTo("net0");
            done.add(Boolean.TRUE.equals(arguments.get("up")) ? "up" : "down");
        }
        return JsonNodeFactory.instance.objectNode().put("running", running);
    }

    /** One checkpoint, whose pause is as long as the test says. */
    private final class Steps implements CheckpointSource {
        private SourceState state = SourceState.NEW;
        private long pauseNanos;
        private boolean pauses = true;

        @Override
        public SourceState state() {
            return state;
        }

        @Override
        public String stateReason() {
            return "test";
        }

        @Override
        public void run(CaptureHandler handler) throws IOException {
            long pausedAtNanos = nowNanos;
            running = false;
            handler.paused(pausedAtNanos);
            nowNanos += pauseNanos;
            handler.resuming(pausedAtNanos);
            running = true;
            done.add("resumed");
            handler.nextStaging();
        }

        @Override
        public boolean pause() {
            return pauses;
        }

        @Override
        public boolean watchdog(long limitNanos) {
            return false;
        }

        @Override
        public void close(boolean leaves) {
            done.add("closed");
            running |= leaves;
        }
    }

    private long nowNanos() {
        return nowNanos;
    }

    private boolean quietSince(long nanos) {
        return leftNanos < nanos;
    }

    private final class Ignoring implements CaptureHandler {
        @Override
        public void layout(StreamLayout layout) {}

        @Override
        public void initialPages(StagingArea pages) {}

        @Override
        public StagingArea nextStaging() throws IOException {
            done.add("staging");
            return new StagingArea(4096, 1);
        }

        @Override
        public void pending() {}

        @Override
        public void paused(long pausedAtNanos) {
            done.add("paused");
        }

        @Override
        public void resumed(Capture capture) {}
    }
}
