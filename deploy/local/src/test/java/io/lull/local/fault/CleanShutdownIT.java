package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.local.Await;
import io.lull.policy.ReplicationEvent;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.config.Wirings;
import io.lull.worker.primary.CaptureTap;
import io.lull.worker.primary.PrimaryAgent;
import io.lull.worker.protocol.LossKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that ends in good order leaves the VM as it found it, and never lets two VMs speak. */
@Tag("guest")
@Timeout(180)
class CleanShutdownIT {
    private static final long LIMIT_MILLIS = 60_000;

    @TempDir
    static Path folder;

    private static FaultGuest guest;

    @BeforeAll
    static void boot() throws Exception {
        guest = FaultGuest.boot(folder);
    }

    @AfterAll
    static void end() {
        guest.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"redirector", "filter-buffer"})
    void theGuestRunsOnWithNothingOfOursInItAndTheBackupHearsBye(String gate) throws Exception {
        try (TestBackup backup = TestBackup.manual(folder.resolve("image-" + gate), guest.disk("backup"), 0);
                IncrLoop client = new IncrLoop(guest.redisPort())) {
            RunningAgent worker = new RunningAgent(guest.loaded(backup.port(), Map.of("network.gate", gate)));
            worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
            backup.awaitCommits(10);
            assertThat(guest.leftovers()).as("while it is protected").isNotEmpty();

            long askedNanos = System.nanoTime();
            worker.close();

            System.out.printf("closed in %.0f ms%n", (System.nanoTime() - askedNanos) / 1e6);
            assertThat(guest.leftovers()).isEmpty();
            assertThat(guest.running()).isTrue();
            Await.until(
                    "the backup noticed", LIMIT_MILLIS, () -> !backup.losses().isEmpty());
            assertThat(backup.losses()).containsExactly(LossKind.BYE);
            long before = client.replies();
            Await.until("output flows", LIMIT_MILLIS, () -> client.replies() > before + 100);
            client.finish();
        }
    }

    /** Whatever gate the next worker puts in the place of the one that was left. */
    @ParameterizedTest
    @CsvSource({"redirector, redirector", "filter-buffer, redirector", "redirector, filter-buffer"})
    void outputStaysBackWhenTheWorkerEndsAfterTheLossOfItsBackup(String gate, String nextGate) throws Exception {
        Path image = folder.resolve("image2-" + gate + nextGate);
        TestBackup backup = TestBackup.manual(image, guest.disk("backup"), 0);
        int port = backup.port();
        try (IncrLoop client = new IncrLoop(guest.redisPort())) {
            RunningAgent worker = new RunningAgent(guest.loaded(port, Map.of("network.gate", gate)));
            worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
            backup.close();
            worker.events().await(ReplicationEvent.Kind.BACKUP_LOST, 1, LIMIT_MILLIS);

            worker.close();

            assertThat(guest.running()).isTrue();
            assertThat(guest.leftovers()).as("the gate, with nobody behind it").isNotEmpty();
            long muted = client.replies();
            try (TestBackup again = TestBackup.manual(image, guest.disk("backup"), port);
                    RunningAgent next = new RunningAgent(guest.loaded(port, Map.of("network.gate", nextGate)))) {
                assertThat(client.replies())
                        .as("replies while nothing was protected")
                        .isEqualTo(muted);
                next.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
                again.awaitCommits(2);
                Await.until("the client is served again", LIMIT_MILLIS, () -> client.replies() > muted + 100);
                client.finish();
            }
            assertThat(guest.leftovers()).isEmpty();
        }
    }

    @Test
    void aWorkerThatLosesItsOutputGateEndsWithWhyAndTheNextOneProtectsTheGuest() throws Exception {
        try (TestBackup backup = TestBackup.manual(folder.resolve("image3"), guest.disk("backup"), 0);
                IncrLoop client = new IncrLoop(guest.redisPort())) {
            try (RunningAgent worker = new RunningAgent(guest.loaded(backup.port(), Map.of()))) {
                worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
                guest.ask("object-del", Map.of("id", part("-redirect")));
                guest.ask("chardev-remove", Map.of("id", part("-out")));

                assertThat(worker.awaitEnd().orElseThrow())
                        .contains("output gate of VM fault is lost")
                        .contains("start this worker again");
                assertThat(worker.events().details(ReplicationEvent.Kind.UNPROTECTED))
                        .singleElement()
                        .asString()
                        .contains("output gate");
            }
            assertThat(guest.running()).isTrue();
            assertThat(guest.leftovers()).isEmpty();
            try (RunningAgent next = new RunningAgent(guest.loaded(backup.port(), Map.of()))) {
                next.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
                long before = client.replies();
                Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > before + 100);
            }
            client.finish();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "network.netdev, nic7, network.netdev",
        "disk.node, disk7, disk.node",
        "qemu.watchdogQmp, /nowhere/qmp.sock, qemu.watchdogQmp",
        "qemu.qmp, /nowhere/qmp.sock, is QEMU running",
    })
    void aWorkerThatCanNotAttachSaysWhyInOneLineAndLeavesTheGuestAlone(String key, String value, String message)
            throws Exception {
        List<String> before = guest.leftovers();
        PrimaryConfig config = guest.loaded(1, Map.of(key, value));

        assertThatThrownBy(() -> new PrimaryAgent(
                        config, Wirings.of(config), new SeenEvents(), CaptureTap.NONE, Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
        assertThat(guest.running()).isTrue();
        assertThat(guest.leftovers()).isEqualTo(before);
    }

    /** The gate's part whose id ends so. */
    private String part(String end) throws IOException {
        return guest.leftovers().stream()
                .filter(id -> id.endsWith(end))
                .findAny()
                .orElseThrow();
    }
}
