package io.lull.policy.sim;

/** How many different pages a guest dirties while it works. Without state, so that a simulation can be forked. */
public interface DirtyModel {
    /**
     * Pages that are dirty after the guest worked from one point of its life to another.
     *
     * @param fromNanos vCPU time at the last checkpoint
     * @param toNanos vCPU time now; not below {@code fromNanos}
     */
    double pages(double fromNanos, double toNanos);
}
