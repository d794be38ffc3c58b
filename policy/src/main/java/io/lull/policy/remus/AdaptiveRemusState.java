package io.lull.policy.remus;

import io.lull.policy.PolicyState;

/** What {@link AdaptiveRemusPolicy} remembers of a VM. A class with public fields, because Flink keeps it as state. */
public final class AdaptiveRemusState extends PolicyState {
    /** How much of the open window has been seen. */
    public long windowNanos;

    /** Frames that the guest sent in it. */
    public long windowPackets;

    /** Windows that voted for the network mode since one voted against it. */
    public int networkVotes;

    /** Windows that voted for the processing mode since one voted against it. */
    public int processingVotes;

    /** The mode: network when true, processing when false. */
    public boolean network;
}
