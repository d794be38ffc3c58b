package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.Verified;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.LinkListener;
import io.lull.worker.ship.LinkOptions;
import io.lull.worker.wire.Wired;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A link with a ceiling, on a connection that carries far more. */
@Timeout(60)
@ParameterizedClass
@EnumSource(Wired.class)
class LimitedLinkTest implements LinkListener {
    private static final long CEILING = 4_000_000;
    private static final int PIECE = 64 << 10;
    /** The largest record takes 44 s to be made up for. */
    private static final long SLOW = 6_000;

    @TempDir
    Path directory;

    private final BlockingQueue<LossKind> lost = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> acks = new LinkedBlockingQueue<>();
    private final Wired wired;

    LimitedLinkTest(Wired wired) {
        this.wired = wired;
    }

    @Override
    public void onAck(long epoch) {
        acks.add(epoch);
    }

    @Override
    public void onVerified(long epoch, Verified verified) {
        throw new AssertionError("nothing was verified");
    }

    @Override
    public void onLost(LossKind kind, String why) {
        lost.add(kind);
    }

    @Test
    void carriesItsCeilingAndSaysSoAndStaysAlive() throws Exception {
        try (BackupUnderTest host = BackupUnderTest.manual(directory, wired.backup());
                BackupLink link = connect(host, CEILING, 2_000_000_000L)) {
            link.layout(TestVm.LAYOUT, piece -> {}).get(10, TimeUnit.SECONDS);
            int sequence = fill(link, 0, 1_000_000_000L);
            double best = 0;
            for (int window = 0; window < 4; window++) {
                // A stop between the two readings must make the rate look lower, and does so at both ends.
                long from = System.nanoTime();
                long sentBefore = link.sentBytes();
                sequence = fill(link, sequence, 1_000_000_000L);
                long sent = link.sentBytes() - sentBefore;
                double rate = sent / ((System.nanoTime() - from) / 1e9);
                assertThat(rate).as("window %d", window).isLessThan(CEILING * 1.1);
                best = Math.max(best, rate);
            }

            assertThat(best)
                    .as("of a second in which the machine did not stand still")
                    .isGreaterThan(CEILING * 0.9);
            assertThat(link.bytesPerSecond().orElseThrow()).isEqualTo(CEILING);
            assertThat(lost).isEmpty();
            assertThat(link.close("test over"))
                    .as("the goodbye is heard behind a full queue")
                    .isTrue();
            assertThat(BackupUnderTest.await(host.losses, "loss")).isEqualTo(LossKind.BYE);
        }
    }

    @Test
    void isNotSilentWhileALargeRecordIsWaitedFor() throws Exception {
        try (BackupUnderTest host = BackupUnderTest.manual(directory, wired.backup());
                BackupLink link = connect(host, SLOW, 10_000_000_000L)) {
            link.layout(TestVm.LAYOUT, piece -> {}).get(10, TimeUnit.SECONDS);
            link.send(record(0, DiskWrite.MAX_DATA_BYTES));
            link.send(record(1, 1));
            // Longer than what the backup takes for silence.
            assertThat(lost.poll(3, TimeUnit.SECONDS)).isNull();
            assertThat(link.backlogBytes()).as("the second still waits").isPositive();
            link.abandon("test over");
        }
    }

    @Test
    void theEndOfAnEpochDoesNotWait() throws Exception {
        try (BackupUnderTest host = BackupUnderTest.manual(directory, wired.backup());
                BackupLink link = connect(host, SLOW, 10_000_000_000L)) {
            link.layout(TestVm.LAYOUT, piece -> {}).get(10, TimeUnit.SECONDS);
            Frame only = record(0, DiskWrite.MAX_DATA_BYTES);
            link.send(only);
            int[] crcs = {only.header().crc32c()};
            link.send(new EpochEnd(
                            1,
                            EpochEnd.rollingCrc(crcs, 1),
                            0,
                            0,
                            only.payload().remaining())
                    .frame(1));

            assertThat(acks.poll(20, TimeUnit.SECONDS)).isEqualTo(1L);
            link.abandon("test over");
        }
    }

    private static int fill(BackupLink link, int sequence, long nanos) throws InterruptedException {
        int next = sequence;
        for (long from = System.nanoTime(); System.nanoTime() - from < nanos; next++) {
            assertThat(link.send(record(next, PIECE))).isTrue();
        }
        return next;
    }

    private static Frame record(int sequence, int bytes) {
        return new DiskWrite(0, ByteBuffer.allocate(bytes)).frame(1, sequence);
    }

    private BackupLink connect(BackupUnderTest host, long ceiling, long silenceNanos) throws Exception {
        LinkOptions options = new LinkOptions(
                host.backup.address(), 1 << 20, 5_000_000_000L, 50_000_000L, silenceNanos, OptionalLong.of(ceiling));
        return BackupLink.connect(options, wired.primary(), TestVm.hello(1, OnBackupLoss.HOLD_OUTPUT), this);
    }
}
