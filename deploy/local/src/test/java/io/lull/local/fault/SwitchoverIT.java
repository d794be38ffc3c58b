package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.local.Await;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.fence.FenceState;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.FailoverReport;
import io.lull.worker.backup.HotStandby;
import io.lull.worker.backup.StandbyLauncher;
import io.lull.worker.primary.SwitchoverException;
import io.lull.worker.primary.SwitchoverReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real guest is handed over to its backup on purpose, with the fence in a real broker. */
@Tag("guest")
@Timeout(240)
class SwitchoverIT {
    private static final long LIMIT_MILLIS = 60_000;

    @TempDir
    Path folder;

    private FencedGuest fenced;

    @BeforeEach
    void start() throws IOException {
        fenced = new FencedGuest(folder);
    }

    @AfterEach
    void stop() {
        fenced.close();
    }

    @Test
    void theVmRunsOnTheBackupFromItsLastEpochAndItsOldQemuEnds() throws Exception {
        try (FaultGuest guest = FaultGuest.boot(folder);
                TestBackup backup = fenced.backup(guest, FailoverMode.AUTO);
                RunningAgent worker = fenced.worker(guest, backup.port());
                IncrLoop client = new IncrLoop(guest.redisPort())) {
            worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
            Await.until("a hot standby", LIMIT_MILLIS, () -> backup.standbyState() == HotStandby.State.READY);
            Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > 20);
            // A standby that has just been sent the initial copy may not have taken it in.
            backup.awaitCommits(40);

            SwitchoverReport report = worker.agent().switchOver("test");

            FailoverReport taken = backup.backup().takenOver().get(1, TimeUnit.SECONDS);
            System.out.printf(
                    "switchover: guest stood still %.1f ms; word to running guest %.1f ms, of them %.1f for the"
                            + " fence%n",
                    report.standstillNanos() / 1e6,
                    taken.decisionToResumeNanos() / 1e6,
                    taken.fenceNanos().orElse(0) / 1e6);
            assertThat(taken.epoch()).isEqualTo(report.epoch());
            assertThat(taken.hot()).isTrue();
            assertThat(backup.backup().running().orElseThrow().isAlive()).isTrue();
            assertThat(worker.awaitEnd()).as("the worker's end").isEmpty();
            Await.until("the old QEMU ends", LIMIT_MILLIS, () -> !guest.qemu().alive());
            assertThat(worker.events().count(ReplicationEvent.Kind.DISARMED)).isEqualTo(1);
            assertThat(worker.events().count(ReplicationEvent.Kind.UNPROTECTED)).isZero();
            assertThat(fenced.recorded()).isEqualTo(FenceState.TAKEN);
            backup.backup().running().orElseThrow().withdraw();
        }
    }

    @Test
    void aBackupWhoseStandbyCantRunLeavesTheGuestRunningHereAndProtectsItAgain() throws Exception {
        StandbyLauncher broken = () -> {
            throw new IOException("no such program");
        };
        try (FaultGuest guest = FaultGuest.boot(folder);
                TestBackup backup = fenced.backup(guest, FailoverMode.AUTO, broken);
                RunningAgent worker = fenced.worker(guest, backup.port());
                IncrLoop client = new IncrLoop(guest.redisPort())) {
            worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
            Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > 20);

            assertThatThrownBy(() -> worker.agent().switchOver("test"))
                    .isInstanceOf(SwitchoverException.class)
                    .hasMessageContaining("no such program");

            long before = client.replies();
            Await.until("the client is served again", LIMIT_MILLIS, () -> client.replies() > before + 20);
            assertThat(guest.running()).isTrue();
        }
    }
}
