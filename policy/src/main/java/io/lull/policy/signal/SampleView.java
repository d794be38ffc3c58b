package io.lull.policy.signal;

import io.lull.policy.ServicesRule;
import java.util.List;

/**
 * One sample of a VM, flattened into primitive fields that its owner reuses: what policies and trigger read on the hot
 * path, so that a sample costs them no allocation. Filled from a {@link VmSample}, whose constructor has checked the
 * numbers, or by the simulator. A reader keeps nothing of it.
 */
public final class SampleView {
    /** vCPUs beyond this are not looked at one by one. */
    public static final int MAX_VCPUS = 64;

    /** The open epoch at the end of the interval. */
    public long epoch;

    /** Length of the interval; positive. */
    public long intervalNanos = 1;

    /** How long the guest has run since the epoch began; 0 while it stands still in a pause. */
    public long elapsedNanos;

    /** End of the interval, host wall clock, microseconds since 1970. */
    public long sampledAtMicros;

    /** How many vCPUs; 0 when the sample has none. */
    public int vcpus;

    /** Run plus wait time of each vCPU in the interval, nanoseconds. */
    public final long[] vcpuBusyNanos = new long[MAX_VCPUS];

    /** Dirty pages of each vCPU; mean something only with {@link #dirtyKnown}. */
    public final long[] vcpuDirtyPages = new long[MAX_VCPUS];

    /** Whether the dirty pages were counted or predicted at all. */
    public boolean dirtyKnown;

    /** Busy share of the vCPUs, 0..1. */
    public double busyRatio;

    /** Whether the gate sees the guest's frames; when false, nothing is known of them or of connections. */
    public boolean framesKnown = true;

    public long txPackets;
    public long txBytes;
    public long rxPackets;
    public long rxBytes;
    public long heldPackets;
    public long heldBytes;

    /** Age of the oldest held frame; 0 when none is held. */
    public long oldestHeldNanos;

    /** Held frames of the open epoch: only a new checkpoint can release them. */
    public long openPackets;

    /** Age of the oldest of them; 0 when there is none. */
    public long oldestOpenNanos;

    public long diskWrites;
    public long diskWriteBytes;

    /** Disk requests received and not yet answered. */
    public int diskInFlight;

    public int connections;
    public int stalled;
    public int windowFull;
    public int zeroWindow;

    /** Connections with input that nothing has answered yet. */
    public int requestsPending;

    public long bytesInFlight;

    /** Services told apart; the arrays below hold so many. */
    public int services;

    /** The guest's port of each service. */
    public final int[] servicePort = new int[ServicesRule.MOST_SERVICES];

    /** Its connections that wait for what the open epoch holds. */
    public final int[] serviceWaiting = new int[ServicesRule.MOST_SERVICES];

    /** Its connections that wait for what is held of any epoch. */
    public final int[] serviceHeld = new int[ServicesRule.MOST_SERVICES];

    /** Further ones that the guest owes something. */
    public final int[] serviceAsking = new int[ServicesRule.MOST_SERVICES];

    public int cores = 1;
    public double idleCores;

    /** Whether the link's rate has been measured. */
    public boolean linkKnown;

    public long linkBytesPerSecond;
    public long linkBacklogBytes;

    /** Frames of the epoch that a second, executing VM did not produce; 0 where there is none. */
    public long divergedPackets;

    /** Takes over all of {@code sample}. */
    public SampleView load(VmSample sample) {
        epoch = sample.epoch();
        intervalNanos = sample.intervalNanos();
        elapsedNanos = sample.elapsedNanos();
        sampledAtMicros = sample.sampledAtMicros();
        busyRatio = sample.busyRatio();
        dirtyKnown = sample.dirtySource() != DirtySource.NONE;
        loadVcpus(sample.vcpus());
        loadNetwork(sample.network());
        loadTcp(sample.tcp());
        diskWrites = sample.disk().writes();
        diskWriteBytes = sample.disk().writeBytes();
        diskInFlight = sample.disk().inFlight();
        cores = sample.host().cores();
        idleCores = sample.host().idleCores();
        linkKnown = sample.host().linkKnown();
        linkBytesPerSecond = sample.host().linkBytesPerSecond();
        linkBacklogBytes = sample.host().linkBacklogBytes();
        divergedPackets = 0;
        return this;
    }

    private void loadVcpus(List<VcpuSample> samples) {
        vcpus = Math.min(MAX_VCPUS, samples.size());
        for (int i = 0; i < vcpus; i++) {
            VcpuSample vcpu = samples.get(i);
            long busyNanos = vcpu.runNanos() + vcpu.waitNanos();
            vcpuBusyNanos[i] = busyNanos < 0 ? Long.MAX_VALUE : busyNanos;
            vcpuDirtyPages[i] = vcpu.dirtyPages();
        }
    }

    private void loadNetwork(NetworkSample network) {
        framesKnown = network.known();
        txPackets = network.txPackets();
        txBytes = network.txBytes();
        rxPackets = network.rxPackets();
        rxBytes = network.rxBytes();
        heldPackets = network.heldPackets();
        heldBytes = network.heldBytes();
        oldestHeldNanos = network.oldestHeldNanos();
        openPackets = network.openPackets();
        oldestOpenNanos = network.oldestOpenNanos();
    }

    private void loadTcp(TcpSample tcp) {
        connections = tcp.connections();
        stalled = tcp.stalled();
        windowFull = tcp.windowFull();
        zeroWindow = tcp.zeroWindow();
        requestsPending = tcp.requestsPending();
        bytesInFlight = tcp.bytesInFlight();
        services = 0;
        List<ServiceSample> told = tcp.services();
        // By index: an iterator a sample is garbage a sample, and most have no services.
        for (int i = 0; i < told.size(); i++) {
            ServiceSample service = told.get(i);
            addService(service.port(), service.waiting(), service.held(), service.asking());
        }
    }

    /** Clients that the service at {@code index} has now: those that wait for anything held, and those it owes something. */
    public double serviceClients(int index) {
        return (double) serviceHeld[index] + serviceAsking[index];
    }

    /** Adds a service; those beyond the arrays' room are left out. */
    public void addService(int port, int waiting, int held, int asking) {
        if (services < servicePort.length) {
            servicePort[services] = port;
            serviceWaiting[services] = waiting;
            serviceHeld[services] = held;
            serviceAsking[services] = asking;
            services++;
        }
    }
}
