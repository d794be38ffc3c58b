package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.Await;
import io.lull.local.FlakyLink;
import io.lull.local.FlakyLink.Manner;
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

/** Primary and backup live and can't reach each other: the backup takes over, and the old VM never speaks again. */
@Tag("guest")
@Timeout(180)
class PartitionIT {
    private static final long LIMIT_MILLIS = 60_000;
    private static final long STANDBY_START_NANOS = 20_000_000_000L;
    /** Long enough for replies to come, if any left. */
    private static final long LISTEN_MILLIS = 1_000;

    @TempDir
    Path folder;

    @Test
    void theBackupTakesOverAndTheOldVmIsNeverHeardAgain() throws Exception {
        try (FaultGuest guest = FaultGuest.boot(folder)) {
            StandbyQemu standby =
                    new StandbyQemu(new StandbyQemuOptions(guest.standbyCommand(), folder, STANDBY_START_NANOS));
            try (TestBackup backup = TestBackup.automatic(folder.resolve("image"), guest.disk("backup"), standby);
                    FlakyLink link = FlakyLink.to(backup.port());
                    RunningAgent worker = new RunningAgent(guest.loaded(link.port(), Map.of()));
                    IncrLoop client = new IncrLoop(guest.redisPort())) {
                worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
                Await.until("a hot standby", LIMIT_MILLIS, () -> backup.standbyState() == HotStandby.State.READY);
                Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > 20);

                link.behave(Manner.SILENT);
                FailoverReport report = backup.backup().takenOver().get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
                assertThat(backup.losses()).containsExactly(LossKind.SILENCE);
                assertThat(report.hot()).isTrue();
                long heard = client.replies();
                worker.events().await(ReplicationEvent.Kind.BACKUP_LOST, 1, LIMIT_MILLIS);
                assertThat(guest.running()).as("the old VM goes on, unheard").isTrue();

                link.behave(Manner.CUT);
                link.behave(Manner.GOOD);
                assertThat(worker.awaitEnd().orElseThrow()).contains("must not speak for VM");
                assertThat(worker.events().count(ReplicationEvent.Kind.FENCED)).isEqualTo(1);
                worker.close();
                Await.pass(LISTEN_MILLIS);
                assertThat(client.replies()).as("replies since the takeover").isEqualTo(heard);
                backup.backup().running().orElseThrow().withdraw();
            }
        }
    }
}
