package io.lull.job.stream;

import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.ServiceSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import io.lull.schemas.wire.KnownNames;
import io.lull.schemas.wire.NameCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A sample's fields in a row, for the hop between tasks of one version of the job: samples are most of what comes, and
 * decoding their records once more on the other side costs several times as much. Not for anything that is kept. One
 * that reads is for one thread.
 */
final class SampleFields {
    private static final DirtySource[] SOURCES = DirtySource.values();
    private static final int FIRST_BYTES = 256;

    private final byte[] name = new byte[FIRST_BYTES];

    static void write(VmSample sample, DataOutputView target) throws IOException {
        write(sample.vm().value(), target);
        write(sample.hostId(), target);
        target.writeLong(sample.epoch());
        target.writeLong(sample.sampledAtMicros());
        target.writeLong(sample.intervalNanos());
        target.writeLong(sample.elapsedNanos());
        target.writeByte(sample.dirtySource().ordinal());
        // By index here and below: an iterator a sample is garbage a sample.
        List<VcpuSample> vcpus = sample.vcpus();
        target.writeInt(vcpus.size());
        for (int i = 0; i < vcpus.size(); i++) {
            VcpuSample vcpu = vcpus.get(i);
            target.writeInt(vcpu.id());
            target.writeLong(vcpu.dirtyPages());
            target.writeLong(vcpu.runNanos());
            target.writeLong(vcpu.waitNanos());
        }
        write(sample.network(), target);
        DiskSample disk = sample.disk();
        target.writeLong(disk.writes());
        target.writeLong(disk.writeBytes());
        target.writeLong(disk.flushes());
        target.writeInt(disk.inFlight());
        TcpSample tcp = sample.tcp();
        target.writeInt(tcp.connections());
        target.writeInt(tcp.stalled());
        target.writeInt(tcp.windowFull());
        target.writeInt(tcp.zeroWindow());
        target.writeLong(tcp.bytesInFlight());
        target.writeInt(tcp.requestsPending());
        List<ServiceSample> services = tcp.services();
        target.writeInt(services.size());
        for (int i = 0; i < services.size(); i++) {
            ServiceSample service = services.get(i);
            target.writeInt(service.port());
            target.writeInt(service.waiting());
            target.writeInt(service.held());
            target.writeInt(service.asking());
        }
        HostSample host = sample.host();
        target.writeInt(host.cores());
        target.writeDouble(host.idleCores());
        target.writeBoolean(host.linkKnown());
        target.writeLong(host.linkBytesPerSecond());
        target.writeLong(host.linkBacklogBytes());
    }

    private static void write(String name, DataOutputView target) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    private <T> T read(NameCache<T> names, DataInputView source) throws IOException {
        int length = source.readInt();
        byte[] bytes = length <= name.length ? name : new byte[length];
        source.readFully(bytes, 0, length);
        return names.of(bytes, 0, length);
    }

    private static void write(NetworkSample network, DataOutputView target) throws IOException {
        target.writeLong(network.txPackets());
        target.writeLong(network.txBytes());
        target.writeLong(network.rxPackets());
        target.writeLong(network.rxBytes());
        target.writeLong(network.heldPackets());
        target.writeLong(network.heldBytes());
        target.writeLong(network.oldestHeldNanos());
        target.writeLong(network.openPackets());
        target.writeLong(network.oldestOpenNanos());
        target.writeBoolean(network.known());
    }

    VmSample read(DataInputView source) throws IOException {
        VmId vm = read(KnownNames.VMS, source);
        String hostId = read(KnownNames.HOSTS, source);
        long epoch = source.readLong();
        long sampledAtMicros = source.readLong();
        long intervalNanos = source.readLong();
        long elapsedNanos = source.readLong();
        DirtySource dirtySource = SOURCES[source.readByte()];
        VcpuSample[] vcpus = new VcpuSample[source.readInt()];
        for (int i = 0; i < vcpus.length; i++) {
            vcpus[i] = new VcpuSample(source.readInt(), source.readLong(), source.readLong(), source.readLong());
        }
        return new VmSample(
                vm,
                hostId,
                epoch,
                sampledAtMicros,
                intervalNanos,
                elapsedNanos,
                List.of(vcpus),
                dirtySource,
                readNetwork(source),
                new DiskSample(source.readLong(), source.readLong(), source.readLong(), source.readInt()),
                new TcpSample(
                        source.readInt(),
                        source.readInt(),
                        source.readInt(),
                        source.readInt(),
                        source.readLong(),
                        source.readInt(),
                        readServices(source)),
                new HostSample(
                        source.readInt(),
                        source.readDouble(),
                        source.readBoolean(),
                        source.readLong(),
                        source.readLong()));
    }

    private static List<ServiceSample> readServices(DataInputView source) throws IOException {
        int count = source.readInt();
        if (count == 0) {
            return List.of();
        }
        ServiceSample[] services = new ServiceSample[count];
        for (int i = 0; i < services.length; i++) {
            services[i] = new ServiceSample(source.readInt(), source.readInt(), source.readInt(), source.readInt());
        }
        return List.of(services);
    }

    private static NetworkSample readNetwork(DataInputView source) throws IOException {
        return new NetworkSample(
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readBoolean());
    }
}
