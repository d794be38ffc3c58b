package io.lull.policy.signal;

/**
 * A histogram of the busy share of a VM's vacant samples: what {@link VacantThreshold} has learned. A class with
 * public fields, because Flink keeps it as state.
 */
public final class VacantState {
    /** One count a bucket of 1 % busy share; the last one takes all that is higher. */
    public int[] counts = new int[VacantThreshold.BUCKETS];

    /** Sum of the counts. */
    public int total;

    /** How many vCPUs the VM has. */
    public int vcpus = 1;
}
