package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.MemoryArbiter;
import io.lull.worker.fence.MemoryArbiter.Mood;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host that took its VM over serves as a backup again once the fence has it that the VM went on from there. */
@Timeout(60)
class SucceededTakeoverTest {
    private static final Party RUN = new Party(new UUID(1, 1), "host-a");
    private static final Party HEIRS_BACKUP = new Party(new UUID(2, 9), "host-a");
    private static final UUID LATER = new UUID(3, 9);
    private static final long SOME_LOOKS_MILLIS = 1_500;

    @TempDir
    Path directory;

    private final MemoryArbiter arbiter = new MemoryArbiter(TestVm.ID);
    private final Fence others = arbiter.fence();

    private BackupUnderTest host() throws IOException {
        return BackupUnderTest.fenced(directory, FailoverMode.AUTO, Optional.of(() -> new FakeStandby(false)), arbiter);
    }

    /** Returns the id that the VM was taken by. */
    private UUID takeOver() throws Exception {
        try (BackupUnderTest host = host();
                TestVm vm = new TestVm(1)) {
            try (RawPrimary primary = new RawPrimary(host.backup.address())) {
                primary.send(TestVm.hello(1, OnBackupLoss.ASK_FENCE).frame());
                primary.await(FrameType.WELCOME);
                primary.send(TestVm.LAYOUT.frame());
                for (Frame frame : vm.epoch(1)) {
                    primary.send(frame);
                }
                host.awaitCommit();
                UUID session = TestVm.hello(1, OnBackupLoss.ASK_FENCE).sessionId();
                others.claim(FenceClaim.protect(RUN, session, "test"));
            }
            host.backup.takenOver().get(20, TimeUnit.SECONDS);
            assertThat(host.marker()).content().contains("taken by");
        }
        return arbiter.last().orElseThrow().taker().orElseThrow();
    }

    private void wentOn(UUID taker) throws Exception {
        others.claim(FenceClaim.protect(new Party(taker, "host-b"), LATER, "test"));
        others.claim(FenceClaim.take(HEIRS_BACKUP, Set.of(LATER), "test"));
    }

    private void assertRefuses() throws IOException {
        try (BackupUnderTest again = host()) {
            assertThat(again.refusal(OnBackupLoss.ASK_FENCE)).isEqualTo(RefusalReason.FAILED_OVER);
            assertThat(again.marker()).exists();
        }
    }

    @Test
    void itServesAgainOnceTheVmIsAnothers() throws Exception {
        wentOn(takeOver());
        try (BackupUnderTest again = host();
                RawPrimary primary = new RawPrimary(again.backup.address())) {
            assertThat(again.marker()).doesNotExist();
            primary.send(TestVm.hello(7, OnBackupLoss.ASK_FENCE).frame());
            assertThat(primary.await(FrameType.WELCOME)).isNotNull();
        }
    }

    @Test
    void oneThatWasStartedWhileItsVmRanNoticesThatTheVmHasLeftSince() throws Exception {
        UUID taker = takeOver();
        Fence looksNowAndThen = arbiter.fence();
        FenceSeat seat = new FenceSeat(looksNowAndThen, new Party(new UUID(2, 2), "host-b"));
        try (BackupUnderTest early = new BackupUnderTest(
                directory,
                Wiring.UNSAFE_PLAINTEXT,
                FailoverMode.AUTO,
                Optional.of(() -> new FakeStandby(false)),
                BackupUnderTest.COLD,
                Optional.of(seat))) {
            assertThat(early.refusal(OnBackupLoss.ASK_FENCE)).isEqualTo(RefusalReason.FAILED_OVER);
            others.claim(FenceClaim.protect(new Party(taker, "host-b"), LATER, "test"));
            looksNowAndThen.look();
            // That nothing comes of it can be seen by time alone.
            TimeUnit.MILLISECONDS.sleep(SOME_LOOKS_MILLIS);
            assertThat(early.backup.succeeded()).as("the VM is its own yet").isNotDone();

            others.claim(FenceClaim.take(HEIRS_BACKUP, Set.of(LATER), "test"));
            looksNowAndThen.look();
            assertThat(early.backup.succeeded().get(20, TimeUnit.SECONDS)).contains("TAKEN");
            assertThat(early.refusal(OnBackupLoss.ASK_FENCE))
                    .as("the next process serves")
                    .isEqualTo(RefusalReason.FAILED_OVER);
        }
        try (BackupUnderTest next = host()) {
            assertThat(next.marker()).doesNotExist();
        }
    }

    @Test
    void itRefusesWhileTheRunThatItBeganHasTheVm() throws Exception {
        UUID taker = takeOver();
        assertRefuses();
        others.claim(FenceClaim.protect(new Party(taker, "host-b"), LATER, "test"));
        assertRefuses();
    }

    @Test
    void aMarkerThatCanNotBeRemovedLeavesTheDiskUnlockedForTheNextTry() throws Exception {
        wentOn(takeOver());
        Path disk = directory.resolve("disk.raw");
        Path marker = directory.resolve("disk.raw.taken-over");
        Fence looks = arbiter.fence();
        Fence meanwhile = (Fence) Proxy.newProxyInstance(
                Fence.class.getClassLoader(), new Class<?>[] {Fence.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("look")) {
                        Files.delete(marker);
                        Files.createDirectories(marker.resolve("no file and not empty"));
                    }
                    return method.invoke(looks, arguments);
                });
        BackupOptions.Store store = BackupOptions.Store.defaults(directory, Optional.of(disk));

        assertThatThrownBy(() -> new OwnedStore(TestVm.ID, store, Optional.of(meanwhile), Optional.empty()))
                .isInstanceOf(DirectoryNotEmptyException.class);
        new DiskImage(disk, false).close();
    }

    @Test
    void itRefusesWhileTheFenceIsSilent() throws Exception {
        wentOn(takeOver());
        arbiter.mood(Mood.GONE);
        assertRefuses();
        arbiter.mood(Mood.ANSWERS);
        host().close();
    }
}
