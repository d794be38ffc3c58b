package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.Await;
import io.lull.policy.ReplicationEvent;
import io.lull.worker.backup.FailoverReport;
import io.lull.worker.backup.HotStandby;
import io.lull.worker.backup.StandbyQemu;
import io.lull.worker.backup.StandbyQemuOptions;
import io.lull.worker.protocol.LossKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** QEMU ends while its worker lives: by a crash, which is a failover, and by power off, which is none. */
@Tag("guest")
@Timeout(180)
class QemuDeathIT {
    private static final long LIMIT_MILLIS = 60_000;
    private static final long STANDBY_START_NANOS = 20_000_000_000L;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"colo", "shared-memory"})
    void theBackupTakesOverWhenQemuIsKilled(String source) throws Exception {
        try (FaultGuest guest = FaultGuest.bootInSharedMemory(folder)) {
            StandbyQemu standby =
                    new StandbyQemu(new StandbyQemuOptions(guest.standbyCommand(), folder, STANDBY_START_NANOS));
            try (TestBackup backup = TestBackup.automatic(folder.resolve("image"), guest.disk("backup"), standby);
                    RunningAgent worker = new RunningAgent(guest.loaded(backup.port(), Map.of("source", source)))) {
                worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
                Await.until("a hot standby", LIMIT_MILLIS, () -> backup.standbyState() == HotStandby.State.READY);
                backup.awaitCommits(20);

                long killedNanos = System.nanoTime();
                guest.qemu().kill();
                FailoverReport report = backup.backup().takenOver().get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);

                System.out.printf(
                        "from SIGKILL of QEMU to the VM's running on the backup: %.0f ms%n",
                        (System.nanoTime() - killedNanos) / 1e6);
                assertThat(backup.losses()).containsExactly(LossKind.END_OF_STREAM);
                assertThat(report.hot()).isTrue();
                assertThat(worker.awaitEnd())
                        .hasValueSatisfying(why -> assertThat(why).contains("is gone"));
                assertThat(worker.agent().status().state()).isEqualTo("ENDED");
                assertThat(worker.events().details(ReplicationEvent.Kind.UNPROTECTED))
                        .singleElement()
                        .asString()
                        .contains("is gone");
                backup.backup().running().orElseThrow().withdraw();
            }
        }
    }

    @Test
    void aQemuThatIsToldToEndIsNoFailover() throws Exception {
        try (FaultGuest guest = FaultGuest.boot(folder);
                TestBackup backup = TestBackup.manual(folder.resolve("image"), guest.disk("backup"), 0);
                RunningAgent worker = new RunningAgent(guest.loaded(backup.port(), Map.of()))) {
            worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);

            guest.ask("quit");

            assertThat(worker.awaitEnd()).isEmpty();
            Await.until(
                    "the backup noticed", LIMIT_MILLIS, () -> !backup.losses().isEmpty());
            assertThat(backup.losses()).containsExactly(LossKind.BYE);
            assertThat(worker.events().count(ReplicationEvent.Kind.SHUTDOWN)).isEqualTo(1);
        }
    }
}
