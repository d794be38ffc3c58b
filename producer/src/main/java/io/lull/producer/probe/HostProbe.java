package io.lull.producer.probe;

import io.lull.producer.procfs.CpuTimes;
import io.lull.producer.procfs.CpuTimesSource;
import io.lull.producer.procfs.ProbeException;

/**
 * How many of the host's cores are idle, as the mean over the last 100 ms or more; one for all VMs of a host.
 *
 * <p>The kernel counts in ticks of 10 ms, so it is asked at most ten times a second, however often this is. Until two
 * readings lie apart, no core counts as idle. Not thread-safe.
 */
public final class HostProbe {
    /** The shortest time between two readings. */
    public static final long PERIOD_NANOS = 100_000_000;

    private final CpuTimesSource source;
    private CpuTimes last;
    private long lastNanos;
    private double idleCores;

    public HostProbe(CpuTimesSource source, long nowNanos) throws ProbeException {
        this.source = source;
        this.last = source.read();
        this.lastNanos = nowNanos;
    }

    /** Reads the kernel's counters when the last reading is old enough. */
    void refresh(long nowNanos) throws ProbeException {
        if (nowNanos - lastNanos < PERIOD_NANOS) {
            return;
        }
        CpuTimes now = source.read();
        long totalTicks = now.totalTicks() - last.totalTicks();
        // The kernel's count of waiting for disks may go back, and so may both sums.
        if (totalTicks > 0) {
            double share = (now.idleTicks() - last.idleTicks()) / (double) totalTicks;
            idleCores = now.cores() * Math.max(0, Math.min(1, share));
        }
        last = now;
        lastNanos = nowNanos;
    }

    int cores() {
        return last.cores();
    }

    double idleCores() {
        return Math.min(idleCores, last.cores());
    }
}
