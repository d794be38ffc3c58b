package io.lull.policy.sim;

import io.lull.policy.signal.SampleView;

/** Samples a simulated VM; each sample covers the time since this sampler's last. */
final class Sampler {
    private final ProtectedVm vm;
    final SampleView view = new SampleView();
    private long lastNanos;
    private double lastBusyNanos;
    private long lastTxPackets;
    private long lastTxBytes;
    private long lastRxPackets;
    private long lastRxBytes;
    private long lastDiskWrites;
    private double lastDirtyPages;

    Sampler(ProtectedVm vm) {
        this.vm = vm;
    }

    /** Fills the view with what happened since the last call; time must have passed. */
    SampleView sample() {
        Guest guest = vm.guest;
        long nowNanos = vm.nowNanos();
        long interval = nowNanos - lastNanos;
        vm.fillLevels(view);
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
}
