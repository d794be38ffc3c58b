package io.lull.policy.signal;

/** Where a sample's dirty-page counts come from, best first. */
public enum DirtySource {
    /** Per-vCPU statistics of KVM. */
    KVM_STATS,
    /** The exact total of the last checkpoint's stream, apportioned to the vCPUs by run time. */
    STREAM_APPORTIONED,
    /** Predicted by a fitted dirty curve between checkpoints. */
    PREDICTED,
    /** No count: the numbers are zero and mean nothing. */
    NONE
}
