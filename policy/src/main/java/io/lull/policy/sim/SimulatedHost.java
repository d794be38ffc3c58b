package io.lull.policy.sim;

import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;

/**
 * A simulated VM, its hypervisor and the way to its backup in the hands of a control loop that is not the simulator's own:
 * what a worker finds on a host, for tests that close the loop over the worker's and the job's real code. The same
 * workload, costs and seed as in a {@link Simulation} make the same guest. Deterministic; for one thread, and time passes
 * in {@link #runUntil} alone.
 */
public final class SimulatedHost {
    private final SimulatedVm vm;

    /** Hears what becomes of each checkpoint, from within {@link #runUntil}, in the order in which it happens. */
    public interface Listener {
        /** The guest stands still. */
        void paused(long atNanos);

        /** The guest runs on, and its pages are captured. */
        void resumed(Captured checkpoint);

        /** The backup has the checkpoint, and what was held for it is released. */
        void committed(Captured checkpoint, Released released);
    }

    /**
     * A captured checkpoint.
     *
     * @param epoch the epoch that it ended
     * @param pausedAtNanos when the guest was paused, simulated time
     * @param resumedAtNanos when it ran on
     * @param dirtyPages pages captured
     * @param shippedBytes bytes on the wire
     * @param shippedAtNanos when the link will have taken the last of them
     */
    public record Captured(
            long epoch,
            long pausedAtNanos,
            long resumedAtNanos,
            long dirtyPages,
            long shippedBytes,
            long shippedAtNanos) {
        private static Captured of(Checkpoint checkpoint) {
            long resumedAtNanos = checkpoint.pausedAt + (long) checkpoint.pauseNanos;
            return new Captured(
                    checkpoint.epoch,
                    checkpoint.pausedAt,
                    resumedAtNanos,
                    Math.round(checkpoint.dirtyPages),
                    (long) checkpoint.shippedBytes,
                    resumedAtNanos + checkpoint.shipNanos);
        }
    }

    /**
     * What a commit released.
     *
     * @param atNanos when, simulated time
     * @param packets frames
     * @param oldestHeldNanos how long the oldest of them was held; 0 when there was none
     */
    public record Released(long atNanos, long packets, long oldestHeldNanos) {}

    /** A host at time 0, with the guest about to start. */
    public SimulatedHost(Workload workload, CostModel cost, long seed, Listener listener) {
        vm = new SimulatedVm(workload, cost, seed, false);
        vm.listen(new SimulatedVm.CheckpointListener() {
            @Override
            public void paused(Checkpoint checkpoint) {
                listener.paused(checkpoint.pausedAt);
            }

            @Override
            public void resumed(Checkpoint checkpoint) {
                listener.resumed(Captured.of(checkpoint));
            }

            @Override
            public void committed(Checkpoint checkpoint, long releasedPackets, long oldestHeldNanos) {
                listener.committed(
                        Captured.of(checkpoint), new Released(checkpoint.commitAt, releasedPackets, oldestHeldNanos));
            }
        });
    }

    /** Simulated time. */
    public long nowNanos() {
        return vm.nowNanos();
    }

    /** Lets time pass up to {@code atNanos}; none when that is over. */
    public void runUntil(long atNanos) {
        vm.runUntil(atNanos);
    }

    /** Whether a checkpoint can be ordered now. */
    public boolean isReady() {
        return vm.isReady();
    }

    /** Whether the guest stands still. */
    public boolean isPaused() {
        return vm.isPaused();
    }

    /** Orders a checkpoint; only while {@link #isReady()}. */
    public void checkpoint(TriggerReason reason, double busyRatio) {
        vm.checkpoint(reason, busyRatio);
    }

    /** A probe of its own: each of its samples covers the time since its last. */
    public SimulatedProbe probe(VmId name, String hostId) {
        return new SimulatedProbe(new Sampler(vm), name, hostId);
    }
}
