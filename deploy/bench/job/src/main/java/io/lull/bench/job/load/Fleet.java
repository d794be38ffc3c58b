package io.lull.bench.job.load;

import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.List;

/**
 * Many VMs on many hosts and what their probes would say of them: servers of two vCPUs under load, each with epochs of
 * {@value #EPOCH_MICROS} us that begin at a moment of its own, busy and answering at first and resting at the end. A
 * sample is a function of VM and time alone, so that every contender is given the same ones.
 */
public final class Fleet {
    static final long EPOCH_MICROS = 25_000;

    /** Share of an epoch for which a VM works before it rests. */
    private static final double WORKING_RATIO = 0.7;

    private static final int CONNECTIONS = 50;
    private static final long PAGES_PER_MILLI = 20;
    private static final long FRAME_BYTES = 400;
    private static final double FULLY_BUSY_RATIO = 0.9;
    private static final double RESTING_RATIO = 0.01;
    private static final HostSample HOST = new HostSample(8, 2.5, true, 1_250_000_000, 65_536);

    private final VmId[] vms;
    private final String[] hosts;
    private final int vmsPerHost;
    private final long intervalMicros;

    /**
     * A fleet.
     *
     * @param vms how many
     * @param vmsPerHost how many of them share a host
     * @param intervalMicros time that a sample covers
     */
    public Fleet(int vms, int vmsPerHost, long intervalMicros) {
        if (vms < 1 || vmsPerHost < 1 || intervalMicros < 1) {
            throw new IllegalArgumentException("a fleet needs VMs, hosts and an interval: " + vms + " VMs, "
                    + vmsPerHost + " a host, " + intervalMicros + " us");
        }
        this.vmsPerHost = vmsPerHost;
        this.intervalMicros = intervalMicros;
        this.vms = new VmId[vms];
        this.hosts = new String[(vms + vmsPerHost - 1) / vmsPerHost];
        for (int i = 0; i < vms; i++) {
            this.vms[i] = new VmId("vm-" + i);
        }
        for (int i = 0; i < hosts.length; i++) {
            hosts[i] = "host-" + i;
        }
    }

    public int vms() {
        return vms.length;
    }

    public int hosts() {
        return hosts.length;
    }

    public String host(int host) {
        return hosts[host];
    }

    /** The samples of all VMs of a host that end at {@code atMicros}. */
    public List<VmSample> tick(int host, long atMicros) {
        int first = host * vmsPerHost;
        int end = Math.min(vms.length, first + vmsPerHost);
        List<VmSample> tick = new ArrayList<>(end - first);
        for (int vm = first; vm < end; vm++) {
            tick.add(sample(vm, atMicros));
        }
        return tick;
    }

    /** The sample of a VM that ends at {@code atMicros}. */
    public VmSample sample(int vm, long atMicros) {
        long shiftedMicros = atMicros + mix(vm) % EPOCH_MICROS;
        long epoch = shiftedMicros / EPOCH_MICROS;
        long elapsedMicros = shiftedMicros % EPOCH_MICROS;
        boolean works = elapsedMicros < EPOCH_MICROS * WORKING_RATIO;
        long draw = mix(epoch * 31 + vm + elapsedMicros);
        double busyRatio = works ? FULLY_BUSY_RATIO * share(draw) : RESTING_RATIO * share(draw);
        long intervalNanos = intervalMicros * 1000;
        long frames = works ? draw & 0xf : 0;
        long held = elapsedMicros / 1000;
        return new VmSample(
                vms[vm],
                hosts[vm / vmsPerHost],
                epoch,
                atMicros,
                intervalNanos,
                elapsedMicros * 1000,
                List.of(vcpu(0, draw, busyRatio, works), vcpu(1, draw >>> 8, busyRatio / 2, works)),
                DirtySource.STREAM_APPORTIONED,
                new NetworkSample(
                        frames,
                        frames * FRAME_BYTES,
                        frames * 2,
                        frames * 2 * FRAME_BYTES / 3,
                        held,
                        held * FRAME_BYTES,
                        held == 0 ? 0 : elapsedMicros * 1000,
                        held,
                        held == 0 ? 0 : elapsedMicros * 1000),
                new DiskSample(frames >>> 3, (frames >>> 3) * 4096, 0, 0),
                new TcpSample(CONNECTIONS, 0, 0, 0, held * FRAME_BYTES, works ? (int) (draw & 7) : 0),
                HOST);
    }

    private VcpuSample vcpu(int id, long draw, double busyRatio, boolean works) {
        long busyNanos = (long) (busyRatio * intervalMicros * 1000);
        long pages = works ? (draw & 0x1f) * PAGES_PER_MILLI * intervalMicros / 16_000 : 0;
        return new VcpuSample(id, pages, busyNanos, busyNanos / 16);
    }

    private static double share(long draw) {
        return (draw >>> 11 & 0xffff) / 65_536.0;
    }

    /** A number from 0 that has nothing to do with those of its neighbours (splitmix64's finisher). */
    private static long mix(long value) {
        long mixed = (value + 1) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return (mixed ^ mixed >>> 31) >>> 1;
    }
}
