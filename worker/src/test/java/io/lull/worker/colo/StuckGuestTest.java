package io.lull.worker.colo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lull.producer.qemu.Qmp;
import io.lull.producer.qemu.QmpException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A guest that stands still: whether it does so for a fault of its host's is told by QEMU, in its own time. */
class StuckGuestTest {
    private final Deque<CompletableFuture<JsonNode>> asked = new ArrayDeque<>();
    private final AtomicLong nanos = new AtomicLong();
    private final StuckGuest guest = new StuckGuest(new ColoControl(new Unanswered()), nanos::get);

    /** Says nothing until the test has it answer. */
    private final class Unanswered implements Qmp {
        @Override
        public CompletableFuture<JsonNode> execute(String command, JsonNode arguments, Duration timeout) {
            CompletableFuture<JsonNode> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        }
    }

    private static JsonNode status(String status) {
        return JsonNodeFactory.instance.objectNode().put("status", status);
    }

    @Test
    void isStuckOnceQemuHasSaidSo() {
        guest.stopped();
        assertThat(guest.isSo()).as("nothing said yet").isFalse();

        asked.remove().complete(status("io-error"));

        assertThat(guest.isSo()).isTrue();
    }

    @Test
    void oneThatAnOperatorHasStoppedIsNot() {
        guest.stopped();
        asked.remove().complete(status("paused"));

        assertThat(guest.isSo()).isFalse();
    }

    @Test
    void anAnswerAboutAnEarlierStopSaysNothingOfThisOne() {
        guest.stopped();
        guest.runs();
        guest.stopped();
        asked.removeFirst().complete(status("io-error"));

        assertThat(guest.isSo()).isFalse();
        asked.removeFirst().complete(status("internal-error"));
        assertThat(guest.isSo()).isTrue();
    }

    @Test
    void whileItIsntSoQemuIsAskedAgainButNotAtEachLook() {
        guest.stopped();
        asked.remove().completeExceptionally(QmpException.of(QmpException.Kind.TIMEOUT, "no answer"));
        nanos.addAndGet(StuckGuest.ASK_AGAIN_NANOS - 1);
        assertThat(guest.isSo()).isFalse();
        assertThat(asked).as("asked again too early").isEmpty();

        nanos.incrementAndGet();
        assertThat(guest.isSo()).isFalse();
        assertThat(guest.isSo()).isFalse();

        assertThat(asked).hasSize(1);
        asked.remove().complete(status("io-error"));
        assertThat(guest.isSo()).isTrue();
    }

    @Test
    void anAnswerIsTakenInWhileSomebodyElseLooks() throws Exception {
        guest.stopped();
        CompletableFuture<JsonNode> answer = asked.remove();
        synchronized (guest) {
            Thread monitor = new Thread(() -> answer.complete(status("io-error")));
            monitor.start();
            // It would wait for whoever holds a lock of the guest's, and that one perhaps for the monitor.
            monitor.join(10_000);
            assertThat(monitor.isAlive()).isFalse();
        }
        assertThat(guest.isSo()).isTrue();
    }
}
