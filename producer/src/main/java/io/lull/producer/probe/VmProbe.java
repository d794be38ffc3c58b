package io.lull.producer.probe;

import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import io.lull.producer.net.TcpTable;
import io.lull.producer.procfs.ProbeException;
import io.lull.producer.procfs.TaskTimes;
import io.lull.producer.procfs.TaskTimesSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Samples one VM: each sample covers the time since the one before.
 *
 * <p>Dirty pages are counted where a checkpoint counted them: the first sample that sees a checkpoint carries its exact
 * total, split among the vCPUs by their run time since the checkpoint before, and every other sample carries 0. So the
 * samples' sum over any stretch is the pages of the checkpoints in it, and the pages of a sample belong to epochs that
 * have ended, never to the open one. Nothing is predicted here. Before the first checkpoint the source is
 * {@link DirtySource#NONE}.
 *
 * <p>A counter that falls was reset by a restart of what it counts in; its new value is then the delta. Not thread-safe.
 */
public final class VmProbe {
    private final Identity identity;
    private final Sources sources;
    private final DirtyApportioner dirty;
    private Reading last;

    /** Which VM, and where. */
    public record Identity(VmId vm, String hostId) {}

    /**
     * A vCPU's thread.
     *
     * @param id index of the vCPU
     */
    public record Vcpu(int id, TaskTimesSource times) {}

    /** What a VM's samples are read from. */
    public record Sources(
            List<Vcpu> vcpus,
            FrameCounters frames,
            DiskCounters disk,
            TcpTable tcp,
            HostProbe host,
            LinkCounters link,
            EpochView epoch) {
        public Sources {
            vcpus = List.copyOf(vcpus);
        }
    }

    /** The cumulative counters at one moment. */
    private record Reading(
            long atNanos,
            TaskTimes[] times,
            FrameCounters.Frames frames,
            DiskCounters.Disk disk,
            EpochView.OpenEpoch epoch) {}

    private VmProbe(Identity identity, Sources sources, long nowNanos) throws ProbeException {
        this.identity = identity;
        this.sources = sources;
        this.dirty = new DirtyApportioner(sources.vcpus().size());
        this.last = read(nowNanos);
    }

    /** Reads the counters for the first time; the first sample covers the time from here. */
    public static VmProbe start(Identity identity, Sources sources, long nowNanos) throws ProbeException {
        return new VmProbe(identity, sources, nowNanos);
    }

    /**
     * The VM since the last sample.
     *
     * @param nowNanos monotonic; must be later than at the last sample
     * @param nowMicros host wall clock, microseconds since 1970
     * @throws ProbeException when a source cannot be read; the sample after it then covers this one's time too
     */
    public VmSample sample(long nowNanos, long nowMicros) throws ProbeException {
        Reading now = read(nowNanos);
        sources.host().refresh(nowNanos);
        Reading before = last;
        last = now;
        List<VcpuSample> vcpus = vcpus(before, now);
        return new VmSample(
                identity.vm(),
                identity.hostId(),
                now.epoch().epoch(),
                nowMicros,
                nowNanos - before.atNanos(),
                now.epoch().elapsedNanos(),
                vcpus,
                now.epoch().checkpoints() > 0 ? DirtySource.STREAM_APPORTIONED : DirtySource.NONE,
                network(before.frames(), now.frames()),
                disk(before.disk(), now.disk()),
                sources.tcp()
                        .sample(
                                nowNanos,
                                nowNanos - now.epoch().elapsedNanos(),
                                heldSinceNanos(nowNanos, now.frames())),
                host());
    }

    private static long heldSinceNanos(long nowNanos, FrameCounters.Frames frames) {
        return frames.heldPackets() > 0 ? nowNanos - frames.oldestHeldNanos() : nowNanos + 1;
    }

    private Reading read(long nowNanos) throws ProbeException {
        TaskTimes[] times = new TaskTimes[sources.vcpus().size()];
        for (int i = 0; i < times.length; i++) {
            times[i] = sources.vcpus().get(i).times().read();
        }
        return new Reading(
                nowNanos,
                times,
                sources.frames().frames(nowNanos),
                sources.disk().disk(),
                sources.epoch().epoch(nowNanos));
    }

    private List<VcpuSample> vcpus(Reading before, Reading now) {
        int count = now.times().length;
        for (int i = 0; i < count; i++) {
            dirty.ran(i, delta(before.times()[i].runNanos(), now.times()[i].runNanos()));
        }
        boolean counted = now.epoch().checkpoints() != before.epoch().checkpoints();
        long[] pages = counted
                ? dirty.split(delta(before.epoch().dirtyPages(), now.epoch().dirtyPages()))
                : new long[count];
        List<VcpuSample> vcpus = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            vcpus.add(new VcpuSample(
                    sources.vcpus().get(i).id(),
                    pages[i],
                    delta(before.times()[i].runNanos(), now.times()[i].runNanos()),
                    delta(before.times()[i].waitNanos(), now.times()[i].waitNanos())));
        }
        return vcpus;
    }

    private static NetworkSample network(FrameCounters.Frames before, FrameCounters.Frames now) {
        if (!now.known()) {
            return NetworkSample.UNKNOWN;
        }
        return new NetworkSample(
                delta(before.txPackets(), now.txPackets()),
                delta(before.txBytes(), now.txBytes()),
                delta(before.rxPackets(), now.rxPackets()),
                delta(before.rxBytes(), now.rxBytes()),
                now.heldPackets(),
                now.heldBytes(),
                now.oldestHeldNanos(),
                now.openPackets(),
                now.oldestOpenNanos());
    }

    private static DiskSample disk(DiskCounters.Disk before, DiskCounters.Disk now) {
        return new DiskSample(
                delta(before.writes(), now.writes()),
                delta(before.writeBytes(), now.writeBytes()),
                delta(before.flushes(), now.flushes()),
                now.inFlight());
    }

    private HostSample host() {
        LinkCounters.Link link = sources.link().link();
        return new HostSample(
                sources.host().cores(),
                sources.host().idleCores(),
                link.known(),
                link.bytesPerSecond(),
                link.backlogBytes());
    }

    private static long delta(long before, long now) {
        return now >= before ? now - before : now;
    }
}
