package io.lull.job.metrics;

import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.List;

/** Variations of samples that other tests have no need of. */
final class OtherSamples {
    private static final long INTERVAL_NANOS = 1_000_000;

    private final double busyRatio;

    /** Samples of a VM that looks this busy while it does nothing. */
    OtherSamples(double busyRatio) {
        this.busyRatio = busyRatio;
    }

    VmSample sample(long epoch, long elapsedMillis, long atMicros) {
        return new VmSample(
                new VmId("vm-1"),
                "host-1",
                epoch,
                atMicros,
                INTERVAL_NANOS,
                elapsedMillis * 1_000_000,
                List.of(new VcpuSample(0, 0, (long) (busyRatio * INTERVAL_NANOS), 0)),
                DirtySource.NONE,
                new NetworkSample(0, 0, 0, 0, 3, 300, 1000),
                DiskSample.NONE,
                TcpSample.NONE,
                new HostSample(2, 1, false, 0, 0));
    }

    static VmSample on(String hostId, VmSample sample) {
        return with(sample.vm(), hostId, sample);
    }

    static VmSample of(String vm, VmSample sample) {
        return with(new VmId(vm), sample.hostId(), sample);
    }

    private static VmSample with(VmId vm, String hostId, VmSample sample) {
        return new VmSample(
                vm,
                hostId,
                sample.epoch(),
                sample.sampledAtMicros(),
                sample.intervalNanos(),
                sample.elapsedNanos(),
                sample.vcpus(),
                sample.dirtySource(),
                sample.network(),
                sample.disk(),
                sample.tcp(),
                sample.host());
    }
}
