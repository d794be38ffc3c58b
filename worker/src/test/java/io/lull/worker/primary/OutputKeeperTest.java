package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.ReplicationEvent;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.worker.config.ConfigLoader;
import io.lull.worker.output.GateState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a goodbye is good for: the session that it ended, and no other. */
class OutputKeeperTest {
    @TempDir
    Path folder;

    private final List<String> events = new CopyOnWriteArrayList<>();
    private GateOnSockets output;
    private OutputKeeper keeper;

    @BeforeEach
    void holdOutput() throws Exception {
        output = new GateOnSockets(folder);
        Path file = folder.resolve("primary.yaml");
        Files.writeString(file, """
                vm: db
                host: host-a
                runDir: %s
                fence: none
                qemu: {qmp: none}
                network: {netdev: net0}
                backup: {unsafePlaintext: true}
                onBackupLoss: stop-output
                """.formatted(folder));
        Reporting reporting = new Reporting() {
            @Override
            public void telemetry(VmSample sample, long mayWaitNanos) {}

            @Override
            public void report(EpochReport report) {}

            @Override
            public void event(ReplicationEvent event) {
                events.add(event.kind() + ": " + event.detail());
            }
        };
        Announcer announcer =
                new Announcer(Values.VM, "host-a", reporting, new Current<>(OpenEpoch.first(0)), () -> 1L);
        OutputKeeper.Told told = new OutputKeeper.Told() {
            @Override
            public void recorded(UUID session) {
                throw new AssertionError("there is no fence");
            }

            @Override
            public void fenced(String why) {
                throw new AssertionError("there is no fence");
            }
        };
        keeper = new OutputKeeper(
                ConfigLoader.primary(file), Optional.of(output.gate()), announcer, Optional.empty(), told);
        assertThat(output.gate().state()).isEqualTo(GateState.HOLDING);
    }

    @AfterEach
    void end() throws Exception {
        keeper.close();
        output.close();
    }

    private boolean flowsAtEnd() {
        return keeper.flowsAtEnd(() -> VmFate.RUNS);
    }

    @Test
    void aGoodbyeIsStaleOnceABackupKnowsOfALaterSession() {
        keeper.sessionEnded(true, true);
        assertThat(flowsAtEnd()).as("the last backup parted in peace").isTrue();

        keeper.sessionBegins(UUID.randomUUID());
        keeper.sessionEnded(true, false);

        assertThat(flowsAtEnd())
                .as("the last one was lost and may have taken over")
                .isFalse();
        assertThat(keeper.whyDropped()).contains("may have taken over");
    }

    @Test
    void aSessionThatNoBackupKnowsOfMakesNoGoodbyeStale() {
        keeper.sessionEnded(true, true);

        keeper.sessionBegins(UUID.randomUUID());
        keeper.sessionEnded(false, false);

        assertThat(flowsAtEnd()).isTrue();
    }

    @Test
    void aSessionThatNoBackupKnowsOfIsNoGoodbyeToTheOneBefore() {
        keeper.sessionEnded(true, false);

        keeper.sessionBegins(UUID.randomUUID());
        keeper.sessionEnded(false, true);

        assertThat(flowsAtEnd()).isFalse();
    }

    @Test
    void noGoodbyeLetsTheOutputOfAVmGoThatRunsElsewhere() {
        keeper.handedOver();
        keeper.sessionEnded(true, true);

        assertThat(flowsAtEnd()).isFalse();
        assertThat(output.gate().state()).isEqualTo(GateState.DISCARDED);
        assertThat(keeper.whyDropped()).contains("runs on the backup");
    }

    @Test
    void aGoodbyeLetsNothingGoBeforeTheWorkerEnds() {
        keeper.sessionEnded(true, true);
        keeper.lost("the session ended");

        assertThat(output.gate().state()).isEqualTo(GateState.HOLDING);
        assertThat(events).singleElement().asString().contains("UNPROTECTED", "output is held");
    }
}
