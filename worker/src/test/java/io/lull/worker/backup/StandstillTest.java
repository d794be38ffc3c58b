package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that lives and can do nothing any more lets its primary go; one that works for long does not. */
@Timeout(60)
class StandstillTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final long LIMIT_NANOS = 1_000_000_000L;
    private static final long HANG_SECONDS = 30;
    /** More than are under way between a primary that waits for nobody and an apply thread that hangs. */
    private static final int EPOCHS = 3 * ApplyLoop.MAX_UNAPPLIED_EPOCHS;

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);
    private final CountDownLatch hangs = new CountDownLatch(1);

    StandstillTest() {
        System.out.println("StandstillTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    private BackupUnderTest hangingIn(long epoch) throws IOException {
        BackupUnderTest host = BackupUnderTest.impatient(directory, LIMIT_NANOS);
        host.onCommit = committed -> {
            if (committed == epoch) {
                hang();
            }
        };
        return host;
    }

    private void hang() {
        try {
            hangs.await(HANG_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private RawPrimary greeted(BackupUnderTest host) throws IOException {
        RawPrimary primary = RawPrimary.inSession(host.backup.address(), TestVm.hello(1, OnBackupLoss.HOLD_OUTPUT));
        primary.send(vm.whole(1));
        assertThat(primary.await(FrameType.ACK).header().epoch()).isEqualTo(1);
        return primary;
    }

    @Test
    void aBackupThatCanApplyNothingSaysGoodbyeWithTheReason() throws Exception {
        try (BackupUnderTest host = hangingIn(2);
                RawPrimary primary = greeted(host)) {
            host.awaitCommit();
            for (long epoch = 2; epoch <= 1 + EPOCHS; epoch++) {
                primary.send(vm.epoch(epoch));
            }
            assertThat(Bye.decode(primary.await(FrameType.BYE).payload()).why()).contains("does its disk answer");

            hangs.countDown();
            primary.close();
            assertThat(BackupUnderTest.await(host.losses, "end of the session")).isEqualTo(LossKind.CLOSED_HERE);
        } finally {
            hangs.countDown();
        }
    }

    @Test
    void aFirstEpochThatTakesLongerThanTheLimitIsNoStandstillWhileLaterOnesAreKept() throws Exception {
        try (BackupUnderTest host = hangingIn(1);
                RawPrimary primary = greeted(host)) {
            long endNanos = System.nanoTime() + 3 * LIMIT_NANOS;
            for (long epoch = 2; System.nanoTime() < endNanos; epoch++) {
                primary.send(vm.epoch(epoch));
                assertThat(primary.await(FrameType.ACK).header().epoch()).isEqualTo(epoch);
            }
            assertThat(host.losses).isEmpty();
        } finally {
            hangs.countDown();
        }
    }

    @Test
    void standsStillWhoIsBusyWithOneFrameAndDoesNothingForTheWholeLimit() {
        WorkWatch watch = new WorkWatch(100);
        OptionalLong frame = OptionalLong.of(-5);

        assertThat(watch.fault(frame, 7, 0)).as("the first look").isEmpty();
        for (long now = 20; now < 100; now += 20) {
            assertThat(watch.fault(frame, 7, now)).isEmpty();
        }
        assertThat(watch.fault(frame, 7, 100)).isPresent();
        assertThat(watch.fault(frame, 8, 120)).as("a step").isEmpty();
        for (long now = 140; now < 220; now += 20) {
            assertThat(watch.fault(frame, 8, now)).isEmpty();
        }
        assertThat(watch.fault(OptionalLong.of(210), 8, 220))
                .as("another frame")
                .isEmpty();
        assertThat(watch.fault(OptionalLong.empty(), 8, 500))
                .as("nothing to do")
                .isEmpty();
    }

    @Test
    void ofATimeInWhichNobodyLookedAFourthOfTheLimitCounts() {
        WorkWatch watch = new WorkWatch(100);
        OptionalLong frame = OptionalLong.of(0);
        watch.fault(frame, 7, 10);

        for (long now = 1_010; now <= 3_010; now += 1_000) {
            assertThat(watch.fault(frame, 7, now)).isEmpty();
        }
        assertThat(watch.fault(frame, 7, 4_010)).isPresent();
    }
}
