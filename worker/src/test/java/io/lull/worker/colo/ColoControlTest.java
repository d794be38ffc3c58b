package io.lull.worker.colo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lull.producer.qemu.Qmp;
import io.lull.producer.qemu.QmpException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ColoControlTest {
    private static final String LEAVE = "x-colo-lost-heartbeat {}";

    private final List<String> commands = new ArrayList<>();
    private final Deque<String> states = new ArrayDeque<>();
    private String guest = "running";
    private long syncs = 1;
    private final ColoControl control = new ColoControl(new ScriptedQmp());

    /** Answers query-migrate with one state after the other, and fails when there is none left. */
    private final class ScriptedQmp implements Qmp {
        @Override
        public CompletableFuture<JsonNode> execute(String command, JsonNode arguments, Duration timeout) {
            var answer = new JsonMapper().createObjectNode();
            if (command.equals("query-status")) {
                answer.put("status", guest);
            } else if (!command.equals("query-migrate")) {
                commands.add(command + " " + arguments);
            } else if (states.isEmpty()) {
                return CompletableFuture.failedFuture(QmpException.of(QmpException.Kind.CLOSED, "gone"));
            } else {
                answer.put("status", states.remove());
                answer.putObject("ram").put("dirty-sync-count", syncs);
            }
            return CompletableFuture.completedFuture(answer);
        }
    }

    @Test
    void aMigrationThatEntersColoAfterItWasAbandonedIsToldToLeaveThen() {
        states.addAll(List.of("active", "active", "colo", "completed", "never asked"));

        assertThat(control.awaitOut()).isTrue();
        assertThat(commands).containsExactly(LEAVE);
        assertThat(states).containsExactly("never asked");
    }

    @Test
    void aQemuThatIsOutOfColoIsLeftAlone() {
        states.add("failed");

        assertThat(control.awaitOut()).isTrue();
        assertThat(commands).isEmpty();
    }

    @Test
    void aQemuThatDoesNotAnswerIsNotWaitedFor() {
        states.add("active");

        assertThat(control.awaitOut()).isFalse();
    }

    @Test
    void whoeverCallsCanGiveUp() {
        states.addAll(List.of("active", "never asked"));

        assertThat(control.awaitOut(() -> states.size() == 2)).isFalse();
        assertThat(states).containsExactly("never asked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"paused", "prelaunch", "postmigrate"})
    void aGuestThatIsNotToRunIsNotArmed(String status) {
        guest = status;

        assertThatThrownBy(control::prepare).hasMessageContaining(status).hasMessageContaining("cont");
        assertThat(commands).as("nothing is changed").isEmpty();
    }

    @Test
    void aGuestThatRunsOrWaitsForItsDiskIsArmed() throws Exception {
        for (String status : List.of("running", "io-error")) {
            guest = status;
            control.prepare();
        }
        assertThat(commands).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"paused", "debug", "guest-panicked", "watchdog"})
    void whoeverStandsStillForNeitherQemuNorAFaultDoesSoByOthers(String status) throws Exception {
        guest = status;
        assertThat(control.isStoppedByOthers()).isTrue();
        assertThat(control.askWhetherOthersStopped().get()).isTrue();
        assertThat(control.askWhetherStuck().get()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "colo", "finish-migrate", "io-error", "internal-error"})
    void othersDoNot(String status) throws Exception {
        guest = status;
        assertThat(control.isStoppedByOthers()).isFalse();
        assertThat(control.askWhetherOthersStopped().get()).isFalse();
    }

    @Test
    void anInitialCopyThatDoesNotEndByItselfMayStopTheGuestForLongerStepByStepButNotInItsFirstPass() {
        states.addAll(Collections.nCopies(30, "active"));
        AtomicLong nanos = new AtomicLong(7_000_000_000L);
        Convergence convergence = new Convergence(control, nanos::get);
        for (int batch = 0; batch < 20; batch++) {
            convergence.run();
            nanos.addAndGet(Convergence.LOOK_NANOS);
        }
        syncs = 2;
        convergence.run();
        convergence.run();
        nanos.addAndGet(Convergence.STEP_NANOS - 1);
        convergence.run();
        assertThat(commands).isEmpty();
        nanos.incrementAndGet();
        convergence.run();
        convergence.run();
        assertThat(commands).containsExactly("migrate-set-parameters {\"downtime-limit\":900}");

        for (int step = 0; step < 6; step++) {
            nanos.addAndGet(Convergence.STEP_NANOS);
            convergence.run();
        }
        assertThat(commands)
                .containsExactly(
                        "migrate-set-parameters {\"downtime-limit\":900}",
                        "migrate-set-parameters {\"downtime-limit\":2700}",
                        "migrate-set-parameters {\"downtime-limit\":8100}",
                        "migrate-set-parameters {\"downtime-limit\":10000}");
    }
}
