package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.Await;
import io.lull.policy.ReplicationEvent;
import io.lull.worker.page.PagePool;
import io.lull.worker.protocol.LossKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two real guests on one pair of workers: one pool of page workers, one round of turns, and each its own fate. */
@Tag("guest")
@Timeout(300)
class TwoGuestsIT {
    private static final long LIMIT_MILLIS = 60_000;
    /** The backup's image is compared with all of the guest's 128 MiB about once a second. */
    private static final Map<String, Object> VERIFIED = Map.of("pipeline.verifyPagesPerSecond", 32_768);

    @TempDir
    Path folder;

    @Test
    void theLossOfOneLeavesTheOtherProtected() throws Exception {
        try (FaultGuest first = FaultGuest.boot(Files.createDirectories(folder.resolve("1")));
                FaultGuest second = FaultGuest.boot(Files.createDirectories(folder.resolve("2")));
                PagePool pool = new PagePool(2, "test-page");
                PagePool backups = new PagePool(2, "test-backup-page");
                TestBackup firstBackup =
                        TestBackup.beside(folder.resolve("image1"), first.disk("backup"), backups.workers());
                TestBackup secondBackup =
                        TestBackup.beside(folder.resolve("image2"), second.disk("backup"), backups.workers());
                RunningAgent firstAgent = agent(first, firstBackup, pool);
                RunningAgent secondAgent = agent(second, secondBackup, pool)) {
            firstAgent.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
            secondAgent.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
            firstBackup.awaitCommits(20);
            secondBackup.awaitCommits(20);
            // On a machine so busy that somebody is silent for a second a session may have been lost before.
            int firstBefore = firstBackup.losses().size();
            int secondBefore = secondBackup.losses().size();
            long lostBefore = secondAgent.events().count(ReplicationEvent.Kind.BACKUP_LOST);

            first.qemu().kill();
            assertThat(firstAgent.awaitEnd())
                    .hasValueSatisfying(why -> assertThat(why).contains("is gone"));
            secondBackup.awaitCommits(40);

            // Between two pauses.
            Await.until("the second guest runs", LIMIT_MILLIS, second::running);
            assertThat(secondAgent.agent().status().state()).isEqualTo("PROTECTED");
            assertThat(secondAgent.events().count(ReplicationEvent.Kind.BACKUP_LOST))
                    .isEqualTo(lostBefore);
            assertThat(secondAgent.events().count(ReplicationEvent.Kind.VERIFY_FAILED))
                    .isZero();
            assertThat(firstBackup.losses().stream().skip(firstBefore)).containsExactly(LossKind.END_OF_STREAM);
            assertThat(secondBackup.losses()).hasSize(secondBefore);
        }
    }

    private static RunningAgent agent(FaultGuest guest, TestBackup backup, PagePool pool) throws Exception {
        return new RunningAgent(guest.loaded(backup.port(), VERIFIED), Optional.empty(), granted -> pool.workers());
    }
}
