package io.lull.local;

import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The samples of a VM that has answered all it was asked and waits for its output's release. */
final class LullSamples {
    private static final long INTERVAL_NANOS = 1_000_000;

    private final VmId vm;
    private final long clockAheadMicros;
    private long epoch;
    private long elapsedNanos = INTERVAL_NANOS;

    LullSamples(VmId vm, long epoch) {
        this(vm, epoch, 0);
    }

    /** As a host sees it whose clock is ahead by {@code clockAheadMicros}. */
    LullSamples(VmId vm, long epoch, long clockAheadMicros) {
        this.vm = vm;
        this.clockAheadMicros = clockAheadMicros;
        this.epoch = epoch;
    }

    void nextEpoch() {
        epoch++;
        elapsedNanos = INTERVAL_NANOS;
    }

    VmSample next() {
        elapsedNanos += INTERVAL_NANOS;
        return new VmSample(
                vm,
                "host-1",
                epoch,
                ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) + clockAheadMicros,
                INTERVAL_NANOS,
                elapsedNanos,
                List.of(new VcpuSample(0, 1, 0, 0)),
                DirtySource.KVM_STATS,
                new NetworkSample(0, 0, 0, 0, 3, 300, 1000),
                DiskSample.NONE,
                TcpSample.NONE,
                new HostSample(2, 1, false, 0, 0));
    }
}
