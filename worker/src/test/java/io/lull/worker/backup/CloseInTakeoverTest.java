package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceState;
import io.lull.worker.fence.MemoryArbiter.Mood;
import io.lull.worker.qemu.Await;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that is stopped while it waits for the fence leaves no process behind, and no claim. */
@Timeout(60)
class CloseInTakeoverTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());

    @TempDir
    Path directory;

    private FencedPrimary primary;

    @BeforeEach
    void begin() {
        primary = new FencedPrimary(directory, SEED);
        System.out.println("CloseInTakeoverTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        primary.close();
    }

    @Test
    void aStandbyThatWasFilledForATakeoverThatIsNotGrantedYetIsEnded() throws Exception {
        CompletableFuture<?> takeover = closedWhile(Mood.GONE);
        assertThat(primary.started).isNotEmpty().noneMatch(FakeStandby::isAlive).noneMatch(FakeStandby::ran);
        assertThat(primary.recorded()).isEqualTo(FenceState.PRIMARY_PROTECTED);
        primary.arbiter.mood(Mood.ANSWERS);
        assertThat(takeover.handle((done, failure) -> failure).get(20, TimeUnit.SECONDS))
                .hasMessageContaining("interrupted");
        assertThat(primary.recorded())
                .as("nobody claims it for a backup that is gone")
                .isEqualTo(FenceState.PRIMARY_PROTECTED);
        assertThat(directory.resolve("disk.raw.taken-over")).doesNotExist();
    }

    @Test
    void aClaimThatMayHaveBeenGrantedIsGivenBack() throws Exception {
        closedWhile(Mood.LOSES_ANSWERS);
        assertThat(primary.started).noneMatch(FakeStandby::isAlive);
        assertThat(primary.recorded()).isEqualTo(FenceState.PRIMARY_PROTECTED);
        primary.arbiter.mood(Mood.ANSWERS);
        assertThat(primary.fence
                        .claim(FenceClaim.goAlone(FencedPrimary.RUN, "lost"))
                        .granted())
                .isTrue();
    }

    /** The takeover that was under way when the backup was closed. */
    private CompletableFuture<?> closedWhile(Mood mood) throws Exception {
        try (BackupUnderTest host = primary.backup()) {
            RawPrimary session = primary.protectedBy(host);
            host.awaitCommit();
            session.close();
            host.awaitVerdict();
            primary.arbiter.mood(mood);
            int asked = primary.arbiter.asked();
            CompletableFuture<?> takeover = CompletableFuture.supplyAsync(() -> {
                try {
                    return host.backup.takeOver("test");
                } catch (FailoverException | InterruptedException e) {
                    throw new IllegalStateException(String.valueOf(e.getMessage()), e);
                }
            });
            Await.until(
                    "a standby is filled and the fence was asked",
                    () -> host.backup.status().standby().equals(Optional.of(HotStandby.State.HANDED_OVER))
                            && primary.arbiter.asked() > asked);
            return takeover;
        }
    }
}
