package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.local.Await;
import io.lull.local.FlakyLink;
import io.lull.local.FlakyLink.Manner;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.fence.FenceState;
import io.lull.worker.backup.FailoverException;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.HotStandby;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Primary and backup live and can't reach each other, the primary is to go on without a backup, and the backup is to take
 * over: whoever comes first at the fence is heard, the other never.
 */
@Tag("guest")
@Timeout(240)
class FencedPartitionIT {
    private static final long LIMIT_MILLIS = 60_000;
    /** Long enough for replies to come, if any left. */
    private static final long LISTEN_MILLIS = 1_000;

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
    void aPrimaryThatComesTooLateIsNeverHeardAgain() throws Exception {
        try (FaultGuest guest = FaultGuest.boot(folder);
                TestBackup backup = fenced.backup(guest, FailoverMode.AUTO);
                FlakyLink link = FlakyLink.to(backup.port());
                RunningAgent worker = fenced.worker(guest, link.port());
                IncrLoop client = new IncrLoop(guest.redisPort())) {
            worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
            assertThat(fenced.recorded()).isEqualTo(FenceState.PRIMARY_PROTECTED);
            Await.until("a hot standby", LIMIT_MILLIS, () -> backup.standbyState() == HotStandby.State.READY);
            Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > 20);

            link.behave(Manner.SILENT);
            assertThat(backup.backup()
                            .takenOver()
                            .get(LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                            .hot())
                    .isTrue();
            long heard = client.replies();
            assertThat(worker.awaitEnd().orElseThrow()).contains("TAKEN");
            assertThat(worker.events().count(ReplicationEvent.Kind.FENCED)).isEqualTo(1);
            worker.close();
            Await.pass(LISTEN_MILLIS);
            assertThat(client.replies()).as("replies since the takeover").isEqualTo(heard);
            assertThat(guest.running()).as("the old VM goes on, unheard").isTrue();
            backup.backup().running().orElseThrow().withdraw();
        }
    }

    @Test
    void aBackupThatSaysThatItHasTheVmSilencesNoPrimaryThatTheFenceHasItWith() throws Exception {
        try (FaultGuest guest = FaultGuest.boot(folder)) {
            Path marker = Files.createFile(guest.disk("backup").resolveSibling("backup.raw.taken-over"));
            try (TestBackup backup = fenced.backup(guest, FailoverMode.AUTO);
                    RunningAgent worker = fenced.worker(guest, backup.port());
                    IncrLoop client = new IncrLoop(guest.redisPort())) {
                worker.events().await(ReplicationEvent.Kind.UNPROTECTED, 1, LIMIT_MILLIS);
                assertThat(worker.events()
                                .details(ReplicationEvent.Kind.UNPROTECTED)
                                .get(0))
                        .contains(marker.toString());
                Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > 20);
                assertThat(fenced.recorded()).isEqualTo(FenceState.ALONE);
                assertThat(worker.events().count(ReplicationEvent.Kind.FENCED)).isZero();
            }
        }
    }

    @Test
    void aBackupThatComesTooLateStaysOneAndProtectsThePrimaryAgain() throws Exception {
        try (FaultGuest guest = FaultGuest.boot(folder);
                TestBackup backup = fenced.backup(guest, FailoverMode.MANUAL);
                FlakyLink link = FlakyLink.to(backup.port());
                RunningAgent worker = fenced.worker(guest, link.port());
                IncrLoop client = new IncrLoop(guest.redisPort())) {
            worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
            Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > 20);

            link.behave(Manner.SILENT);
            worker.events().await(ReplicationEvent.Kind.BACKUP_LOST, 1, LIMIT_MILLIS);
            Await.until("the fence has it alone", LIMIT_MILLIS, () -> fenced.recorded() == FenceState.ALONE);
            long before = client.replies();
            Await.until("the client is served again", LIMIT_MILLIS, () -> client.replies() > before + 20);
            assertThatThrownBy(() -> backup.backup().takeOver("test"))
                    .isInstanceOf(FailoverException.class)
                    .hasMessageContaining("ALONE");

            link.behave(Manner.CUT);
            link.behave(Manner.GOOD);
            worker.events().await(ReplicationEvent.Kind.PROTECTED, 2, LIMIT_MILLIS);
            assertThat(fenced.recorded()).isEqualTo(FenceState.PRIMARY_PROTECTED);
            long then = client.replies();
            Await.until("the client is served by epochs", LIMIT_MILLIS, () -> client.replies() > then + 20);
        }
    }
}
