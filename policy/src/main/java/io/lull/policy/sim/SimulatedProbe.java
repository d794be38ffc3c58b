package io.lull.policy.sim;

import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.ServiceSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.List;

/** Samples a simulated VM as a host's probes would; what {@link SampleView#load} makes of a sample is what the simulator saw. */
public final class SimulatedProbe {
    private final Sampler sampler;
    private final VmId vm;
    private final String hostId;

    SimulatedProbe(Sampler sampler, VmId vm, String hostId) {
        this.sampler = sampler;
        this.vm = vm;
        this.hostId = hostId;
    }

    /**
     * What happened since the last sample.
     *
     * @param epoch the open epoch, as its worker counts
     * @param elapsedNanos how long the guest has run in it, by the same count
     * @param nowMicros the host's wall clock
     */
    public VmSample sample(long epoch, long elapsedNanos, long nowMicros) {
        SampleView seen = sampler.sample();
        return new VmSample(
                vm,
                hostId,
                epoch,
                nowMicros,
                seen.intervalNanos,
                elapsedNanos,
                vcpus(seen),
                DirtySource.KVM_STATS,
                network(seen),
                new DiskSample(seen.diskWrites, seen.diskWriteBytes, 0, seen.diskInFlight),
                new TcpSample(
                        seen.connections,
                        seen.stalled,
                        seen.windowFull,
                        seen.zeroWindow,
                        seen.bytesInFlight,
                        seen.requestsPending,
                        services(seen)),
                new HostSample(
                        seen.cores, seen.idleCores, seen.linkKnown, seen.linkBytesPerSecond, seen.linkBacklogBytes));
    }

    private static List<VcpuSample> vcpus(SampleView seen) {
        List<VcpuSample> vcpus = new ArrayList<>(seen.vcpus);
        for (int i = 0; i < seen.vcpus; i++) {
            vcpus.add(new VcpuSample(i, seen.vcpuDirtyPages[i], seen.vcpuBusyNanos[i], 0));
        }
        return vcpus;
    }

    private static List<ServiceSample> services(SampleView seen) {
        List<ServiceSample> services = new ArrayList<>(seen.services);
        for (int i = 0; i < seen.services; i++) {
            services.add(new ServiceSample(
                    seen.servicePort[i], seen.serviceWaiting[i], seen.serviceHeld[i], seen.serviceAsking[i]));
        }
        return services;
    }

    private static NetworkSample network(SampleView seen) {
        return new NetworkSample(
                seen.txPackets,
                seen.txBytes,
                seen.rxPackets,
                seen.rxBytes,
                seen.heldPackets,
                seen.heldBytes,
                seen.oldestHeldNanos,
                seen.openPackets,
                seen.oldestOpenNanos);
    }
}
