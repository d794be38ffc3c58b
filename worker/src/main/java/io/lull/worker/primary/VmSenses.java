package io.lull.worker.primary;

import io.lull.producer.net.TcpTable;
import io.lull.producer.probe.DirtyApportioner;
import io.lull.producer.probe.DiskCounters;
import io.lull.producer.probe.EpochView;
import io.lull.producer.probe.FrameCounters;
import io.lull.producer.probe.HostProbe;
import io.lull.producer.probe.LinkCounters;
import io.lull.producer.probe.VmProbe;
import io.lull.producer.procfs.CpuStatReader;
import io.lull.producer.procfs.ProbeException;
import io.lull.producer.procfs.SchedstatReader;
import io.lull.producer.procfs.TaskTimes;
import io.lull.producer.qemu.QemuQueries.VcpuThread;
import io.lull.worker.output.FrameTap;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The probes of one VM: what they read from, and the samplers that read. What comes and goes with a session (gate,
 * disk, link) is asked for at each sample.
 */
final class VmSenses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VmSenses.class);
    private static final Path PROC = Path.of("/proc");

    private final VmProbe.Identity identity;
    private final TcpTable tcp = new TcpTable();
    /** Of the capture thread: a reader serves one thread. */
    private final List<SchedstatReader> readers = new ArrayList<>();

    private final List<SchedstatReader> samplerReaders = new ArrayList<>();
    private final List<VmProbe.Vcpu> vcpus = new ArrayList<>();
    private final List<CpuStatReader> hostReaders = new ArrayList<>();
    private final Live live;
    private final DirtyApportioner apportioner;
    private final long[] lastRunNanos;

    /** What a sample reads of the parts that come and go. */
    record Live(FrameCounters frames, DiskCounters disk, LinkCounters link, EpochView epoch) {}

    /**
     * @param processId QEMU's
     * @param threads its vCPU threads
     */
    VmSenses(VmProbe.Identity identity, long processId, List<VcpuThread> threads, Live live) throws ProbeException {
        this.identity = identity;
        this.live = live;
        for (VcpuThread thread : threads) {
            readers.add(SchedstatReader.open(PROC, processId, thread.threadId()));
            SchedstatReader forSamples = SchedstatReader.open(PROC, processId, thread.threadId());
            samplerReaders.add(forSamples);
            vcpus.add(new VmProbe.Vcpu(thread.index(), forSamples));
        }
        this.apportioner = new DirtyApportioner(threads.size());
        this.lastRunNanos = new long[threads.size()];
    }

    /** A sampler of its own: each of its samples covers the time since its last. One thread uses all samplers. */
    TriggerPorts.Probe sampler(long nowNanos) throws ProbeException {
        CpuStatReader host = CpuStatReader.open(PROC);
        hostReaders.add(host);
        VmProbe probe = VmProbe.start(
                identity,
                new VmProbe.Sources(
                        vcpus,
                        live.frames(),
                        live.disk(),
                        tcp,
                        new HostProbe(host, nowNanos),
                        live.link(),
                        live.epoch()),
                nowNanos);
        return probe::sample;
    }

    /** Splits an epoch's dirty pages over the vCPUs by the time they ran since the call before; one thread calls. */
    List<Long> apportion(int dirtyPages) {
        try {
            for (int i = 0; i < readers.size(); i++) {
                TaskTimes times = readers.get(i).read();
                apportioner.ran(i, Math.max(0, times.runNanos() - lastRunNanos[i]));
                lastRunNanos[i] = times.runNanos();
            }
        } catch (ProbeException gone) {
            // QEMU is gone or going: the shares of its last epoch are no longer of use to anybody.
            return List.of();
        }
        List<Long> shares = new ArrayList<>();
        for (long pages : apportioner.split(dirtyPages)) {
            shares.add(pages);
        }
        return shares;
    }

    /** Feeds the TCP table from the gate. */
    FrameTap tap() {
        return new FrameTap() {
            @Override
            public void fromGuest(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes, long nowNanos) {
                tcp.onOut(buffer, offset, length, vnetHeaderBytes, nowNanos);
            }

            @Override
            public void toGuest(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes, long nowNanos) {
                tcp.onIn(buffer, offset, length, vnetHeaderBytes, nowNanos);
            }
        };
    }

    @Override
    public void close() {
        readers.forEach(VmSenses::closeQuietly);
        samplerReaders.forEach(VmSenses::closeQuietly);
        hostReaders.forEach(VmSenses::closeQuietly);
    }

    private static void closeQuietly(AutoCloseable reader) {
        try {
            reader.close();
        } catch (Exception e) {
            LOG.debug("closing a probe", e);
        }
    }
}
