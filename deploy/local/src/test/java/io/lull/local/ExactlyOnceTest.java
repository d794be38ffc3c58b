package io.lull.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.kafka.RawTopics;
import io.lull.local.kafka.RawTopics.Received;
import io.lull.policy.Decision;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.signal.WindowMetrics;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What readers see when the job dies between two Flink checkpoints, with transactions for what is read later. */
class ExactlyOnceTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final Wire WIRE = new Wire();
    private static final VmId VM = new VmId("vm-1");

    /** Enough for the idle slot to be seen. */
    private static final int SAMPLES_AN_EPOCH = 4;

    /** No Flink checkpoint comes by itself: the first would at a random moment between the least pause and the interval. */
    private static final Map<String, String> ON_ORDER_ALONE = Map.of(
            "lull.delivery",
            "EXACTLY_ONCE",
            "execution.checkpointing.interval",
            "1 h",
            "execution.checkpointing.min-pause",
            "1 h");

    private static final long FIRST = 100;
    private static final long CHECKPOINTED = 130;
    private static final long KILLED = 160;
    private static final long LAST = 200;

    @TempDir
    private Path folder;

    private JobOnBroker running;
    private RawTopics committed;

    @BeforeEach
    void start() throws Exception {
        running = JobOnBroker.start(folder, TOPICS, ON_ORDER_ALONE);
        committed = RawTopics.committed(
                running.bootstrapServers(),
                List.of(TOPICS.decisions().name(), TOPICS.metrics().name()));
    }

    @AfterEach
    void stop() throws Exception {
        committed.close();
        running.close();
    }

    private interface Decode<T> {
        T decode(byte[] value) throws BadRecordException;
    }

    private static <T> List<T> decoded(List<Received> records, Decode<T> decode) {
        List<T> all = new ArrayList<>();
        for (Received kafkaRecord : records) {
            try {
                all.add(decode.decode(kafkaRecord.value()));
            } catch (BadRecordException e) {
                throw new AssertionError("the job wrote what can't be read", e);
            }
        }
        return all;
    }

    private List<Long> endedEpochs() {
        List<WorkerCommand> commands =
                decoded(running.topics().received(TOPICS.commands().name()), WIRE::decodeCommand);
        return commands.stream()
                .filter(EndEpoch.class::isInstance)
                .map(command -> ((EndEpoch) command).epoch())
                .filter(epoch -> epoch >= FIRST)
                .toList();
    }

    private static List<Long> decidedEpochs(RawTopics topics) {
        return decoded(topics.received(TOPICS.decisions().name()), WIRE::decodeDecision).stream()
                .filter(decision -> decision.kind() == Decision.Kind.CHECKPOINT)
                .map(Decision::epoch)
                .filter(epoch -> epoch >= FIRST)
                .toList();
    }

    private void runEpochs(LullSamples samples, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            samples.nextEpoch();
            for (int k = 0; k < SAMPLES_AN_EPOCH; k++) {
                running.topics().send(TOPICS.telemetry().name(), VM.value(), WIRE.encode(samples.next()));
            }
        }
    }

    private static List<Long> epochs(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void decisionsAndMetricsAreSeenOnceAndCommandsAtLeastOnce() throws Exception {
        LullSamples before = new LullSamples(VM, 1);
        running.until("a plan, so that the job reads", () -> {
            running.topics().send(TOPICS.telemetry().name(), VM.value(), WIRE.encode(before.next()));
            return !running.topics().received(TOPICS.commands().name()).isEmpty();
        });
        LullSamples samples = new LullSamples(VM, FIRST - 1);
        runEpochs(samples, (int) (CHECKPOINTED - FIRST + 1));
        running.until("the epochs to be ended", () -> endedEpochs().contains(CHECKPOINTED));
        assertThat(decidedEpochs(committed)).as("before a checkpoint").isEmpty();
        running.checkpoint();
        running.until("a commit", () -> decidedEpochs(committed).equals(epochs(FIRST, CHECKPOINTED)));

        runEpochs(samples, (int) (KILLED - CHECKPOINTED));
        running.until("more epochs to be ended", () -> endedEpochs().contains(KILLED));
        running.replaceTaskManager();
        runEpochs(samples, (int) (LAST - KILLED));
        running.until("all epochs to be ended", () -> endedEpochs().contains(LAST));
        running.checkpoint();
        running.until("the last commit", () -> decidedEpochs(committed).contains(LAST));

        assertThat(decidedEpochs(committed)).as("committed").isEqualTo(epochs(FIRST, LAST));
        assertThat(endedEpochs())
                .as("commands, of which those between checkpoint and crash come again")
                .containsAll(epochs(FIRST, LAST))
                .filteredOn(epoch -> epoch > CHECKPOINTED && epoch <= KILLED)
                .hasSize((int) (2 * (KILLED - CHECKPOINTED)));
        List<WindowMetrics> windows =
                decoded(committed.received(TOPICS.metrics().name()), WIRE::decodeMetrics);
        assertThat(windows)
                .isNotEmpty()
                .extracting(window -> window.windowStartMicros() + " " + window.windowNanos())
                .doesNotHaveDuplicates();
        assertThat(running.restarts()).isPositive();
    }
}
