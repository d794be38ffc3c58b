package io.lull.schemas.wire;

import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.ServiceSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import io.lull.schemas.avro.Disk;
import io.lull.schemas.avro.Host;
import io.lull.schemas.avro.Network;
import io.lull.schemas.avro.Service;
import io.lull.schemas.avro.Tcp;
import io.lull.schemas.avro.Vcpu;

/** Maps {@link VmSample}; for the codec and for files. */
public final class SampleMapper {
    private SampleMapper() {}

    public static io.lull.schemas.avro.VmSample toAvro(VmSample sample) {
        return new io.lull.schemas.avro.VmSample(
                sample.vm().value(),
                sample.hostId(),
                sample.epoch(),
                sample.sampledAtMicros(),
                sample.intervalNanos(),
                sample.elapsedNanos(),
                sample.vcpus().stream()
                        .map(vcpu -> new Vcpu(vcpu.id(), vcpu.dirtyPages(), vcpu.runNanos(), vcpu.waitNanos()))
                        .toList(),
                Symbols.symbol(io.lull.schemas.avro.DirtySource.class, sample.dirtySource()),
                network(sample.network()),
                disk(sample.disk()),
                tcp(sample.tcp()),
                host(sample.host()));
    }

    public static VmSample toPolicy(io.lull.schemas.avro.VmSample avro) {
        return new VmSample(
                new VmId(avro.getVmId()),
                avro.getHostId(),
                avro.getEpoch(),
                avro.getSampledAtMicros(),
                avro.getIntervalNanos(),
                avro.getElapsedNanos(),
                avro.getVcpus().stream()
                        .map(vcpu -> new VcpuSample(
                                vcpu.getId(), vcpu.getDirtyPages(), vcpu.getRunNanos(), vcpu.getWaitNanos()))
                        .toList(),
                Symbols.known(DirtySource.class, avro.getDirtySource()),
                network(avro.getNetwork()),
                disk(avro.getDisk()),
                tcp(avro.getTcp()),
                host(avro.getHost()));
    }

    private static Network network(NetworkSample network) {
        return new Network(
                network.txPackets(),
                network.txBytes(),
                network.rxPackets(),
                network.rxBytes(),
                network.heldPackets(),
                network.heldBytes(),
                network.oldestHeldNanos(),
                network.openPackets(),
                network.oldestOpenNanos(),
                network.known());
    }

    private static NetworkSample network(Network avro) {
        Long openPackets = avro.getOpenPackets();
        Long oldestOpenNanos = avro.getOldestOpenNanos();
        // A writer that does not tell epochs apart leaves both out: then all that is held counts as open.
        return new NetworkSample(
                avro.getTxPackets(),
                avro.getTxBytes(),
                avro.getRxPackets(),
                avro.getRxBytes(),
                avro.getHeldPackets(),
                avro.getHeldBytes(),
                avro.getOldestHeldNanos(),
                openPackets == null ? avro.getHeldPackets() : openPackets,
                oldestOpenNanos == null ? avro.getOldestHeldNanos() : oldestOpenNanos,
                avro.getKnown());
    }

    private static Disk disk(DiskSample disk) {
        return new Disk(disk.writes(), disk.writeBytes(), disk.flushes(), disk.inFlight());
    }

    private static DiskSample disk(Disk avro) {
        return new DiskSample(avro.getWrites(), avro.getWriteBytes(), avro.getFlushes(), avro.getInFlight());
    }

    private static Tcp tcp(TcpSample tcp) {
        return new Tcp(
                tcp.connections(),
                tcp.stalled(),
                tcp.windowFull(),
                tcp.zeroWindow(),
                tcp.bytesInFlight(),
                tcp.requestsPending(),
                tcp.services().stream()
                        .map(service ->
                                new Service(service.port(), service.waiting(), service.held(), service.asking()))
                        .toList());
    }

    private static TcpSample tcp(Tcp avro) {
        return new TcpSample(
                avro.getConnections(),
                avro.getStalled(),
                avro.getWindowFull(),
                avro.getZeroWindow(),
                avro.getBytesInFlight(),
                avro.getRequestsPending(),
                avro.getServices().stream()
                        .map(service -> new ServiceSample(
                                service.getPort(), service.getWaiting(), service.getHeld(), service.getAsking()))
                        .toList());
    }

    private static Host host(HostSample host) {
        return new Host(
                host.cores(), host.idleCores(), host.linkKnown(), host.linkBytesPerSecond(), host.linkBacklogBytes());
    }

    private static HostSample host(Host avro) {
        return new HostSample(
                avro.getCores(),
                avro.getIdleCores(),
                avro.getLinkKnown(),
                avro.getLinkBytesPerSecond(),
                avro.getLinkBacklogBytes());
    }
}
