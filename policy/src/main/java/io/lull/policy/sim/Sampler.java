package io.lull.policy.sim;

import io.lull.policy.signal.SampleView;

/** What a host sees of a simulated VM; each sample covers the time since this sampler's last. */
final class Sampler {
    private final SimulatedVm vm;
    final SampleView view = new SampleView();
    private long lastNanos;
    private double lastBusyNanos;
    private long lastTxPackets;
    private long lastTxBytes;
    private long lastRxPackets;
    private long lastRxBytes;
    private long lastDiskWrites;
    private double lastDirtyPages;

    Sampler(SimulatedVm vm) {
        this.vm = vm;
    }

    /** Fills the view with what happened since the last call; time must have passed. */
    SampleView sample() {
        Guest guest = vm.guest;
        long nowNanos = vm.nowNanos();
        long interval = nowNanos - lastNanos;
        fillLevels();
        view.intervalNanos = interval;
        double busy = guest.busyNanos - lastBusyNanos;
        view.busyRatio = Math.min(1, busy / ((double) interval * view.vcpus));
        double dirty = vm.dirtyPages();
        double newDirty = dirty >= lastDirtyPages ? dirty - lastDirtyPages : dirty;
        view.dirtyKnown = true;
        double left = busy;
        for (int i = 0; i < view.vcpus; i++) {
            // Work piles up on the first vCPUs, as a scheduler that keeps caches warm would have it.
            double share = Math.min(left, Math.max(interval, busy / view.vcpus));
            view.vcpuBusyNanos[i] = (long) share;
            view.vcpuDirtyPages[i] = busy > 0 ? (long) (newDirty * share / busy) : 0;
            left -= share;
        }
        view.txPackets = guest.txPackets - lastTxPackets;
        view.txBytes = guest.txBytes - lastTxBytes;
        view.rxPackets = guest.rxPackets - lastRxPackets;
        view.rxBytes = guest.rxBytes - lastRxBytes;
        view.diskWrites = guest.diskWrites - lastDiskWrites;
        view.diskWriteBytes = view.diskWrites * 4096;
        view.cores = 2;
        view.idleCores = 1;
        lastNanos = nowNanos;
        lastBusyNanos = guest.busyNanos;
        lastTxPackets = guest.txPackets;
        lastTxBytes = guest.txBytes;
        lastRxPackets = guest.rxPackets;
        lastRxBytes = guest.rxBytes;
        lastDiskWrites = guest.diskWrites;
        lastDirtyPages = dirty;
        return view;
    }
    /** What holds at the end of the interval. */
    private void fillLevels() {
        view.epoch = vm.epoch();
        view.elapsedNanos = vm.elapsedNanos();
        view.sampledAtMicros = vm.nowNanos() / 1000;
        view.vcpus = vm.workload.vcpus();
        view.heldPackets = vm.gate.heldPackets;
        view.heldBytes = vm.gate.heldBytes;
        view.oldestHeldNanos = vm.gate.oldestHeldNanos(vm.nowNanos());
        view.openPackets = vm.gate.packetsSinceCut();
        view.oldestOpenNanos = vm.oldestOpenNanos();
        fillConnections();
        view.linkKnown = true;
        view.linkBytesPerSecond = vm.cost.linkBytesPerSecond();
        view.linkBacklogBytes = vm.linkBacklogBytes();
    }

    private void fillConnections() {
        int connections = 0;
        int pending = 0;
        int onDisk = 0;
        int full = 0;
        long flight = 0;
        view.services = 0;
        for (Station station : vm.guest.stations) {
            connections += station.clients;
            onDisk += station.onDisk;
            pending += station.waiting();
            full += station.fullWindows();
            flight += station.unacknowledgedBytes();
            if (station.clients > 0) {
                // Each activity has a port of its own.
                view.addService(station.index + 1, station.openWaiting(), station.heldWaiting(), station.asking());
            }
        }
        view.connections = connections;
        view.requestsPending = pending;
        view.diskInFlight = onDisk;
        view.windowFull = full;
        view.zeroWindow = 0;
        view.stalled = view.oldestHeldNanos > STALLED_NANOS ? (int) Math.min(connections, view.heldPackets) : 0;
        view.bytesInFlight = Math.max(flight, view.heldBytes);
    }

    private static final long STALLED_NANOS = 2_000_000;
}
