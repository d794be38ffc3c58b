package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.DiskZero;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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
    /** Fewer than there is room for. */
    private static final int EPOCHS = 40;

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);
    private final CountDownLatch hanging = new CountDownLatch(1);
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
        hanging.countDown();
        try {
            hangs.await(HANG_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private RawPrimary greeted(BackupUnderTest host, OnBackupLoss onLoss) throws IOException {
        RawPrimary primary = RawPrimary.inSession(host.backup.address(), TestVm.hello(1, onLoss));
        primary.send(vm.whole(1));
        assertThat(primary.await(FrameType.ACK).header().epoch()).isEqualTo(1);
        return primary;
    }

    /** One epoch in which the apply thread hangs, as many as may wait for it, and one that finds no room. */
    private void sendUntilItHangs(RawPrimary primary) throws Exception {
        primary.send(vm.epoch(2));
        assertThat(hanging.await(HANG_SECONDS, TimeUnit.SECONDS)).isTrue();
        for (long epoch = 3; epoch <= 3 + ApplyLoop.MAX_UNAPPLIED_EPOCHS; epoch++) {
            primary.send(vm.epoch(epoch));
        }
    }

    @Test
    void aBackupThatCanApplyNothingSaysGoodbyeWithTheReason() throws Exception {
        try (BackupUnderTest host = hangingIn(2);
                RawPrimary primary = greeted(host, OnBackupLoss.GO_ON_UNPROTECTED)) {
            host.awaitCommit();
            sendUntilItHangs(primary);
            assertThat(Bye.decode(primary.await(FrameType.BYE).payload()).why()).contains("does its disk answer");

            hangs.countDown();
            primary.close();
            assertThat(BackupUnderTest.await(host.losses, "end of the session")).isEqualTo(LossKind.CLOSED_HERE);
            assertThat(host.backup.status().unfit())
                    .as("the primary has spoken since")
                    .hasValueSatisfying(why -> assertThat(why).contains("output may have left"));
        } finally {
            hangs.countDown();
        }
    }

    @Test
    void aPrimaryThatHoldsItsOutputWithoutABackupIsKept() throws Exception {
        try (BackupUnderTest host = hangingIn(2);
                RawPrimary primary = greeted(host, OnBackupLoss.HOLD_OUTPUT)) {
            host.awaitCommit();
            sendUntilItHangs(primary);
            TimeUnit.NANOSECONDS.sleep(2 * LIMIT_NANOS);
            hangs.countDown();
            Frame last = primary.await(FrameType.ACK);
            while (last.header().epoch() < 3 + ApplyLoop.MAX_UNAPPLIED_EPOCHS) {
                last = primary.await(FrameType.ACK);
            }
            assertThat(host.losses).isEmpty();
        } finally {
            hangs.countDown();
        }
    }

    @Test
    void aFirstEpochThatTakesLongerThanTheLimitIsNoStandstillWhileLaterOnesAreKept() throws Exception {
        try (BackupUnderTest host = hangingIn(1);
                RawPrimary primary = greeted(host, OnBackupLoss.GO_ON_UNPROTECTED)) {
            for (long epoch = 2; epoch <= EPOCHS; epoch++) {
                primary.send(vm.epoch(epoch));
                assertThat(primary.await(FrameType.ACK).header().epoch()).isEqualTo(epoch);
                TimeUnit.NANOSECONDS.sleep(3 * LIMIT_NANOS / EPOCHS);
            }
            assertThat(host.losses).isEmpty();
            // Closing the backup would wait for it.
            hangs.countDown();
        } finally {
            hangs.countDown();
        }
    }

    @Test
    void eachMebibyteThatIsZeroedAndEachWriteToTheDiskIsAStep() throws Exception {
        Path file = directory.resolve("zeroed.raw");
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(8 << 20);
        }
        try (DiskImage disk = new DiskImage(file, true)) {
            disk.zero(new DiskZero(0, 8 << 20));
            long zeroed = disk.steps();
            assertThat(zeroed).isGreaterThanOrEqualTo(8);
            disk.write(new DiskWrite(4096, ByteBuffer.wrap(new byte[] {1, 2, 3})));
            assertThat(disk.steps()).isGreaterThan(zeroed);
        }
    }
}
