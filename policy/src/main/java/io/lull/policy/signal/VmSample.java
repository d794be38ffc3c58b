package io.lull.policy.signal;

import io.lull.policy.Checks;
import io.lull.policy.VmId;
import java.util.List;

/**
 * What the probes saw of one VM over one interval; raw counters, nothing derived.
 *
 * @param vm whose
 * @param hostId where
 * @param epoch the open epoch at the end of the interval
 * @param sampledAtMicros end of the interval, host wall clock, microseconds since 1970
 * @param intervalNanos length of the interval, monotonic
 * @param elapsedNanos since the epoch began (the guest's resume), monotonic; 0 while the guest stands still in a pause
 * @param vcpus one entry a vCPU
 * @param dirtySource what the vCPUs' dirty-page counts mean
 */
public record VmSample(
        VmId vm,
        String hostId,
        long epoch,
        long sampledAtMicros,
        long intervalNanos,
        long elapsedNanos,
        List<VcpuSample> vcpus,
        DirtySource dirtySource,
        NetworkSample network,
        DiskSample disk,
        TcpSample tcp,
        HostSample host) {
    public VmSample {
        Checks.notNegative("epoch", epoch);
        Checks.notNegative("sampledAtMicros", sampledAtMicros);
        Checks.positive("intervalNanos", intervalNanos);
        Checks.notNegative("elapsedNanos", elapsedNanos);
        vcpus = List.copyOf(vcpus);
    }

    /** Busy share of the vCPUs, run plus wait time; 0..1, clamped; 0 for a sample without vCPUs. */
    public double busyRatio() {
        if (vcpus.isEmpty()) {
            return 0;
        }
        // A double, because absurd numbers from outside must not overflow into a negative share.
        double busyNanos = 0;
        // By index: an iterator a sample is garbage a sample.
        for (int i = 0; i < vcpus.size(); i++) {
            VcpuSample vcpu = vcpus.get(i);
            busyNanos += vcpu.runNanos();
            busyNanos += vcpu.waitNanos();
        }
        return Math.min(1.0, busyNanos / ((double) intervalNanos * vcpus.size()));
    }
}
