package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.FenceState;
import io.lull.worker.backup.WatchedTakeover.Point;
import io.lull.worker.backup.WatchedTakeover.WatchedFence;
import io.lull.worker.backup.WatchedTakeover.WatchedStandby;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.MemoryArbiter;
import io.lull.worker.fence.UnsafeNoFence;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.qemu.Await;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that dies in a takeover, at each of its steps, and is started again. */
@Timeout(120)
class CutOffTakeoverTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final Party RUN = new Party(new UUID(1, 1), "host-a");
    private static final Party FIRST = new Party(new UUID(2, 1), "host-b");

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);
    private final List<FakeStandby> started = new CopyOnWriteArrayList<>();
    private int lives;
    private int endedLoaded;

    /** What is left of a backup: its files, and the fence as it was. */
    private record Death(Path left, MemoryArbiter arbiter) {
        Path marker() {
            return left.resolve("disk.raw.taken-over");
        }
    }

    CutOffTakeoverTest() {
        System.out.println("CutOffTakeoverTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    /** Dies in a takeover of epoch 1. */
    private Death diesAt(Point point) throws Exception {
        Path own = Files.createDirectory(directory.resolve("life-" + lives));
        Path to = directory.resolve("death-" + lives++);
        MemoryArbiter arbiter = new MemoryArbiter(TestVm.ID);
        Death[] death = {null};
        Consumer<Point> reached = at -> {
            if (at == point && death[0] == null) {
                death[0] = new Death(leftNow(own, to), arbiter.copy());
            }
        };
        StandbyLauncher launcher = () -> new WatchedStandby(new FakeStandby(false), reached);
        try (BackupUnderTest host = host(own, launcher, new WatchedFence(arbiter.fence(), reached), FIRST)) {
            host.onFailover = state -> {
                if (state == Failover.State.GRANTED) {
                    reached.accept(Point.NOTED);
                }
            };
            commit(host, arbiter.fence());
            host.awaitVerdict();
            host.backup.takeOver("test");
        }
        assertThat(death[0]).as("it comes to " + point).isNotNull();
        return death[0];
    }

    private static Path leftNow(Path own, Path to) {
        try {
            return KeptLife.leftWhenKilledNow(own, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BackupUnderTest host(Path own, StandbyLauncher launcher, Fence fence, Party self)
            throws IOException {
        return new BackupUnderTest(
                own,
                Wiring.UNSAFE_PLAINTEXT,
                FailoverMode.MANUAL,
                Optional.of(launcher),
                BackupUnderTest.COLD,
                Optional.of(new FenceSeat(fence, self)));
    }

    private BackupUnderTest again(Death death) throws IOException {
        return again(death, death.arbiter().fence());
    }

    /** As a process of another name. */
    private BackupUnderTest again(Death death, Fence fence) throws IOException {
        StandbyLauncher launcher = new StandbyLauncher() {
            @Override
            public Standby start() throws IOException {
                FakeStandby standby = new FakeStandby(false);
                started.add(standby);
                return standby;
            }

            @Override
            public void endLoaded() {
                endedLoaded++;
            }
        };
        return host(death.left(), launcher, fence, new Party(UUID.randomUUID(), "host-b"));
    }

    private void commit(BackupUnderTest host, Fence primary) throws Exception {
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

    @Test
    void beforeItsVmWasToldToRunItGoesOnInTheNameThatTheFenceMayHaveTheVmBy() throws Exception {
        for (Point point : List.of(Point.CLAIMING, Point.GRANTED, Point.NOTED)) {
            Death death = diesAt(point);
            assertThat(Files.exists(death.marker())).as(point.name()).isEqualTo(point == Point.NOTED);
            try (BackupUnderTest again = again(death)) {
                assertThat(again.backup.takenOver().get(20, TimeUnit.SECONDS).epoch())
                        .as(point.name())
                        .isEqualTo(1);
                assertThat(started.get(started.size() - 1).ran()).isTrue();
                assertThat(started.get(started.size() - 1).takenBy).contains(FIRST.id());
                assertThat(death.arbiter().last().orElseThrow().taker()).contains(FIRST.id());
                assertThat(again.refusal(OnBackupLoss.ASK_FENCE)).isEqualTo(RefusalReason.FAILED_OVER);
                assertThat(endedLoaded).as("what holds the disk was ended").isEqualTo(1 + point.ordinal());
            }
            assertThat(death.marker()).exists();
            try (BackupUnderTest third = again(death)) {
                assertThat(third.backup.status().failover()).isEqualTo(Failover.State.TAKEN_OVER);
            }
        }
    }

    @Test
    void onceItsVmMayHaveBeenToldToRunItDoesNotRunItAgain() throws Exception {
        Death death = diesAt(Point.ABOUT_TO_RUN);
        try (BackupUnderTest again = again(death)) {
            assertThat(again.backup.status().failover()).isEqualTo(Failover.State.TAKEN_OVER);
            assertThat(again.refusal(OnBackupLoss.ASK_FENCE)).isEqualTo(RefusalReason.FAILED_OVER);
            assertThat(started).isEmpty();
            assertThat(endedLoaded).as("it may be the VM").isZero();
        }
    }

    @Test
    void whatAnotherHasByNowItDoesNotRunButServes() throws Exception {
        for (Point point : List.of(Point.CLAIMING, Point.GRANTED, Point.NOTED)) {
            Death death = diesAt(point);
            Fence others = death.arbiter().fence();
            if (point != Point.CLAIMING) {
                others.claim(FenceClaim.reset(new Party(new UUID(7, 7), "an operator"), "freed"));
            }
            Party run = point == Point.CLAIMING ? RUN : new Party(new UUID(1, 2), "host-a");
            assertThat(others.claim(FenceClaim.goAlone(run, "alone")).granted()).isTrue();
            try (BackupUnderTest again = again(death)) {
                Await.until("it is a backup again", () -> again.backup.status().failover() == Failover.State.STANDBY);
                assertThat(death.marker()).doesNotExist();
                assertThat(started).noneMatch(FakeStandby::ran);
                commit(again, others);
            }
            int asked = death.arbiter().asked();
            try (BackupUnderTest third = again(death)) {
                assertThat(third.backup.status().failover()).isEqualTo(Failover.State.STANDBY);
                assertThat(death.arbiter().asked()).isEqualTo(asked);
            }
        }
    }

    @Test
    void whileTheFenceIsGoneNobodyIsServedAndNothingRuns() throws Exception {
        Death death = diesAt(Point.NOTED);
        death.arbiter().mood(MemoryArbiter.Mood.GONE);
        try (BackupUnderTest again = again(death)) {
            Await.until("the fence was asked twice", () -> death.arbiter().asked() >= 2);
            assertThat(again.refusal(OnBackupLoss.ASK_FENCE)).isEqualTo(RefusalReason.BUSY);
            assertThat(started).noneMatch(FakeStandby::ran);
            death.arbiter().mood(MemoryArbiter.Mood.ANSWERS);
            assertThat(again.backup.takenOver().get(30, TimeUnit.SECONDS).epoch())
                    .isEqualTo(1);
        }
    }

    @Test
    void oneThatIsStoppedBeforeTheFenceAnswersGivesTheVmBackOrAsksAgain() throws Exception {
        Death death = diesAt(Point.GRANTED);
        death.arbiter().mood(MemoryArbiter.Mood.GONE);
        try (BackupUnderTest again = again(death)) {
            Await.until("the fence was asked", () -> death.arbiter().asked() >= 1);
            assertThat(again.backup.takenOver()).isNotDone();
        }
        death.arbiter().mood(MemoryArbiter.Mood.ANSWERS);
        assertThat(death.arbiter().last().orElseThrow().state()).isEqualTo(FenceState.TAKEN);
        try (BackupUnderTest third = again(death)) {
            assertThat(third.backup.takenOver().get(30, TimeUnit.SECONDS).epoch())
                    .isEqualTo(1);
        }
    }

    @Test
    void withoutAFenceThatBothAskItGoesOnWithNothingByItself() throws Exception {
        Death noted = diesAt(Point.NOTED);
        try (BackupUnderTest again = again(noted, new UnsafeNoFence())) {
            assertThat(again.backup.status().failover()).isEqualTo(Failover.State.TAKEN_OVER);
        }
        Death granted = diesAt(Point.GRANTED);
        try (BackupUnderTest again = again(granted, new UnsafeNoFence())) {
            assertThat(again.backup.status().failover()).isEqualTo(Failover.State.STANDBY);
            assertThat(again.backup.takeOver("an operator's word").epoch()).isEqualTo(1);
        }
        Death dropped = diesAt(Point.GRANTED);
        again(dropped, new UnsafeNoFence()).close();
        int asked = dropped.arbiter().asked();
        try (BackupUnderTest third = again(dropped)) {
            assertThat(third.backup.status().failover()).isEqualTo(Failover.State.STANDBY);
            assertThat(dropped.arbiter().asked()).isEqualTo(asked);
        }
    }

    @Test
    void whenItsDiskWasWrittenToSinceItDoesNotGoOn() throws Exception {
        Death death = diesAt(Point.NOTED);
        byte[] disk = Files.readAllBytes(death.left().resolve("disk.raw"));
        disk[0] ^= 1;
        Files.write(death.left().resolve("disk.raw"), disk);
        try (BackupUnderTest again = again(death)) {
            assertThat(again.backup.status().failover()).isEqualTo(Failover.State.TAKEN_OVER);
            assertThat(started).noneMatch(FakeStandby::ran);
        }
    }
}
