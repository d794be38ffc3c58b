package io.lull.bench.job.kafka.streams;

import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.WindowMetrics;
import java.util.List;
import java.util.Optional;

/**
 * Sums over one window of a VM's samples, as Kafka Streams keeps them; shorter windows add up to longer ones. They are
 * fewer than the job's: no per-vCPU rates, no slot times, no epochs, no order. What is compared favours Streams.
 */
public final class WindowSums {
    private static final double NANOS_PER_SECOND = 1e9;

    public long startMillis;
    public long samples;
    public double dirtyPages;
    public double txPackets;
    public double txBytes;
    public double rxPackets;
    public double rxBytes;
    public double diskWriteBytes;
    public double busyRatios;
    public long idleSlots;
    public double idleNanos;
    public long heldBytesMax;
    public long oldestHeldNanosMax;
    public int stalledMax;
    public int windowFullMax;
    public int zeroWindowMax;
    public int pendingMax;

    void add(SampleView sample, boolean idle, boolean begins) {
        samples++;
        for (int i = 0; i < sample.vcpus; i++) {
            dirtyPages += sample.vcpuDirtyPages[i];
        }
        txPackets += sample.txPackets;
        txBytes += sample.txBytes;
        rxPackets += sample.rxPackets;
        rxBytes += sample.rxBytes;
        diskWriteBytes += sample.diskWriteBytes;
        busyRatios += sample.busyRatio;
        idleSlots += begins ? 1 : 0;
        idleNanos += idle ? sample.intervalNanos : 0;
        heldBytesMax = Math.max(heldBytesMax, sample.heldBytes);
        oldestHeldNanosMax = Math.max(oldestHeldNanosMax, sample.oldestHeldNanos);
        stalledMax = Math.max(stalledMax, sample.stalled);
        windowFullMax = Math.max(windowFullMax, sample.windowFull);
        zeroWindowMax = Math.max(zeroWindowMax, sample.zeroWindow);
        pendingMax = Math.max(pendingMax, sample.requestsPending);
    }

    void add(WindowSums other) {
        samples += other.samples;
        dirtyPages += other.dirtyPages;
        txPackets += other.txPackets;
        txBytes += other.txBytes;
        rxPackets += other.rxPackets;
        rxBytes += other.rxBytes;
        diskWriteBytes += other.diskWriteBytes;
        busyRatios += other.busyRatios;
        idleSlots += other.idleSlots;
        idleNanos += other.idleNanos;
        heldBytesMax = Math.max(heldBytesMax, other.heldBytesMax);
        oldestHeldNanosMax = Math.max(oldestHeldNanosMax, other.oldestHeldNanosMax);
        stalledMax = Math.max(stalledMax, other.stalledMax);
        windowFullMax = Math.max(windowFullMax, other.windowFullMax);
        zeroWindowMax = Math.max(zeroWindowMax, other.zeroWindowMax);
        pendingMax = Math.max(pendingMax, other.pendingMax);
    }

    WindowMetrics toMetrics(VmId vm, long lengthMillis) {
        long windowNanos = lengthMillis * 1_000_000;
        double seconds = windowNanos / NANOS_PER_SECOND;
        WindowMetrics.Rates rates = new WindowMetrics.Rates(
                txPackets / seconds,
                txBytes / seconds,
                rxPackets / seconds,
                rxBytes / seconds,
                diskWriteBytes / seconds);
        WindowMetrics.IdleSlots idle =
                new WindowMetrics.IdleSlots(idleSlots, Math.min(1, idleNanos / windowNanos), Optional.empty());
        WindowMetrics.Peaks peaks = new WindowMetrics.Peaks(
                heldBytesMax, oldestHeldNanosMax, stalledMax, windowFullMax, zeroWindowMax, pendingMax);
        double busyRatio = Math.min(1, busyRatios / Math.max(1, samples));
        WindowMetrics.Load load =
                new WindowMetrics.Load(Math.max(1, samples), rates, busyRatio, idle, peaks, Optional.empty());
        WindowMetrics.Dirtying dirtying =
                new WindowMetrics.Dirtying(DirtySource.STREAM_APPORTIONED, dirtyPages / seconds, List.of(), 1);
        return new WindowMetrics(
                vm,
                startMillis * 1000,
                windowNanos,
                Optional.of(load),
                Optional.of(dirtying),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
