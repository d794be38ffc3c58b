package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.FenceState;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.MemoryArbiter;
import io.lull.worker.fence.MemoryArbiter.Mood;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.qemu.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that is stopped while it waits for the fence leaves no process behind, and no claim. */
@Timeout(60)
class CloseInTakeoverTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final Party RUN = new Party(new UUID(1, 1), "host-a");

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);
    private final MemoryArbiter arbiter = new MemoryArbiter(TestVm.ID);
    private final Fence primary = arbiter.fence();
    private final List<FakeStandby> started = new CopyOnWriteArrayList<>();

    CloseInTakeoverTest() {
        System.out.println("CloseInTakeoverTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    @Test
    void aStandbyThatWasFilledForATakeoverThatIsNotGrantedYetIsEnded() throws Exception {
        CompletableFuture<?> takeover = closedWhile(Mood.GONE);
        assertThat(started).isNotEmpty().noneMatch(FakeStandby::isAlive).noneMatch(FakeStandby::ran);
        assertThat(arbiter.last().orElseThrow().state()).isEqualTo(FenceState.PRIMARY_PROTECTED);
        arbiter.mood(Mood.ANSWERS);
        assertThat(takeover.handle((done, failure) -> failure).get(20, TimeUnit.SECONDS))
                .hasMessageContaining("interrupted");
        assertThat(arbiter.last().orElseThrow().state())
                .as("nobody claims it for a backup that is gone")
                .isEqualTo(FenceState.PRIMARY_PROTECTED);
        assertThat(directory.resolve("disk.raw.taken-over")).doesNotExist();
    }

    @Test
    void aClaimThatMayHaveBeenGrantedIsGivenBack() throws Exception {
        closedWhile(Mood.LOSES_ANSWERS);
        assertThat(started).noneMatch(FakeStandby::isAlive);
        assertThat(arbiter.last().orElseThrow().state()).isEqualTo(FenceState.PRIMARY_PROTECTED);
        arbiter.mood(Mood.ANSWERS);
        assertThat(primary.claim(FenceClaim.goAlone(RUN, "lost")).granted()).isTrue();
    }

    /** The takeover that was under way when the backup was closed. */
    private CompletableFuture<?> closedWhile(Mood mood) throws Exception {
        StandbyLauncher launcher = () -> {
            FakeStandby standby = new FakeStandby(false);
            started.add(standby);
            return standby;
        };
        try (BackupUnderTest host =
                BackupUnderTest.fenced(directory, FailoverMode.MANUAL, Optional.of(launcher), arbiter)) {
            commitAndGo(host);
            host.awaitVerdict();
            arbiter.mood(mood);
            int asked = arbiter.asked();
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
                            && arbiter.asked() > asked);
            return takeover;
        }
    }

    private void commitAndGo(BackupUnderTest host) throws Exception {
        try (RawPrimary session = new RawPrimary(host.backup.address())) {
            session.send(TestVm.hello(1, OnBackupLoss.ASK_FENCE).frame());
            session.await(FrameType.WELCOME);
            session.send(TestVm.LAYOUT.frame());
            session.await(FrameType.HASHES);
            for (Frame frame : vm.epoch(1)) {
                session.send(frame);
            }
            host.awaitCommit();
            UUID id = TestVm.hello(1, OnBackupLoss.ASK_FENCE).sessionId();
            primary.claim(FenceClaim.protect(RUN, id, "epoch 1"));
        }
    }
}
