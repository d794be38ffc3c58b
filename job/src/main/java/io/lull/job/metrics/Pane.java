package io.lull.job.metrics;

import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import io.lull.policy.signal.WindowMetrics;
import java.util.Arrays;

/**
 * Sums over a stretch of a VM's event time, as Flink keeps them; panes add up to longer ones. What grows with the
 * records' own numbers is a double, so that absurd numbers make an absurd window and not an overflow.
 */
public final class Pane {
    /** Pauses and commit times kept for the medians; of more epochs in one window the rest count in the maximum only. */
    static final int KEPT_EPOCHS = 4096;

    private static final double NANOS_PER_SECOND = 1e9;

    public long samples;
    public double sampledNanos;
    public double busyNanos;
    public double dirtyPages;
    public double txPackets;
    public double txBytes;
    public double rxPackets;
    public double rxBytes;
    public double diskWriteBytes;
    public long idleSlots;
    public double idleNanos;
    public long heldBytesMax;
    public long oldestHeldNanosMax;
    public int stalledMax;
    public int windowFullMax;
    public int zeroWindowMax;
    public int pendingMax;
    public long epochs;
    public double shippedBytes;
    public long pauseMaxNanos;
    public long commitMaxNanos;
    public long[] pausesNanos = new long[0];
    public long[] commitsNanos = new long[0];

    boolean isEmpty() {
        return samples == 0 && epochs == 0;
    }

    /** Adds a sample, in an idle slot or not, which may begin with it. */
    void add(VmSample sample, boolean idle, boolean begins) {
        samples++;
        sampledNanos += sample.intervalNanos();
        busyNanos += sample.busyRatio() * sample.intervalNanos();
        if (sample.dirtySource() != DirtySource.NONE) {
            dirtyPages +=
                    sample.vcpus().stream().mapToDouble(VcpuSample::dirtyPages).sum();
        }
        txPackets += sample.network().txPackets();
        txBytes += sample.network().txBytes();
        rxPackets += sample.network().rxPackets();
        rxBytes += sample.network().rxBytes();
        diskWriteBytes += sample.disk().writeBytes();
        idleSlots += begins ? 1 : 0;
        idleNanos += idle ? sample.intervalNanos() : 0;
        heldBytesMax = Math.max(heldBytesMax, sample.network().heldBytes());
        oldestHeldNanosMax = Math.max(oldestHeldNanosMax, sample.network().oldestHeldNanos());
        TcpSample tcp = sample.tcp();
        stalledMax = Math.max(stalledMax, tcp.stalled());
        windowFullMax = Math.max(windowFullMax, tcp.windowFull());
        zeroWindowMax = Math.max(zeroWindowMax, tcp.zeroWindow());
        pendingMax = Math.max(pendingMax, tcp.requestsPending());
    }

    void add(EpochReport report) {
        long pauseNanos = Math.max(0, report.pause().totalNanos());
        long commitNanos = report.stages().commitNanos();
        epochs++;
        shippedBytes += report.bytes().shippedBytes();
        pauseMaxNanos = Math.max(pauseMaxNanos, pauseNanos);
        commitMaxNanos = Math.max(commitMaxNanos, commitNanos);
        pausesNanos = joined(pausesNanos, new long[] {pauseNanos});
        commitsNanos = joined(commitsNanos, new long[] {commitNanos});
    }

    void add(Pane other) {
        samples += other.samples;
        sampledNanos += other.sampledNanos;
        busyNanos += other.busyNanos;
        dirtyPages += other.dirtyPages;
        txPackets += other.txPackets;
        txBytes += other.txBytes;
        rxPackets += other.rxPackets;
        rxBytes += other.rxBytes;
        diskWriteBytes += other.diskWriteBytes;
        idleSlots += other.idleSlots;
        idleNanos += other.idleNanos;
        heldBytesMax = Math.max(heldBytesMax, other.heldBytesMax);
        oldestHeldNanosMax = Math.max(oldestHeldNanosMax, other.oldestHeldNanosMax);
        stalledMax = Math.max(stalledMax, other.stalledMax);
        windowFullMax = Math.max(windowFullMax, other.windowFullMax);
        zeroWindowMax = Math.max(zeroWindowMax, other.zeroWindowMax);
        pendingMax = Math.max(pendingMax, other.pendingMax);
        epochs += other.epochs;
        shippedBytes += other.shippedBytes;
        pauseMaxNanos = Math.max(pauseMaxNanos, other.pauseMaxNanos);
        commitMaxNanos = Math.max(commitMaxNanos, other.commitMaxNanos);
        pausesNanos = joined(pausesNanos, other.pausesNanos);
        commitsNanos = joined(commitsNanos, other.commitsNanos);
    }

    /** The window's record. */
    WindowMetrics toMetrics(VmId vm, long startMillis, long lengthMillis) {
        long windowNanos = lengthMillis * 1_000_000;
        double seconds = windowNanos / NANOS_PER_SECOND;
        return new WindowMetrics(
                vm,
                startMillis * 1000,
                windowNanos,
                samples,
                epochs,
                dirtyPages / seconds,
                txPackets / seconds,
                txBytes / seconds,
                rxPackets / seconds,
                rxBytes / seconds,
                diskWriteBytes / seconds,
                sampledNanos == 0 ? 0 : Math.min(1, busyNanos / sampledNanos),
                idleSlots,
                Math.min(1, idleNanos / windowNanos),
                heldBytesMax,
                oldestHeldNanosMax,
                stalledMax,
                windowFullMax,
                zeroWindowMax,
                pendingMax,
                epochs / seconds,
                median(pausesNanos),
                pauseMaxNanos,
                median(commitsNanos),
                commitMaxNanos,
                shippedBytes / seconds);
    }

    private static long[] joined(long[] first, long[] second) {
        int room = Math.min(second.length, KEPT_EPOCHS - first.length);
        if (room <= 0) {
            return first;
        }
        long[] both = Arrays.copyOf(first, first.length + room);
        System.arraycopy(second, 0, both, first.length, room);
        return both;
    }

    private static long median(long[] values) {
        if (values.length == 0) {
            return 0;
        }
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) / 2];
    }
}
