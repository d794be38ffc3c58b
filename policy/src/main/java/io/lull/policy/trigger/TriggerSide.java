package io.lull.policy.trigger;

import io.lull.policy.TriggerPlacement;

/** Who asks {@link EpochTrigger}: a plan says which of the two looks for the moments that are worth a pause. */
public enum TriggerSide {
    /** The worker beside the VM. */
    HOST,
    /** The Flink job, on the samples that reach it. */
    JOB;

    /** Whether a plan of this placement leaves the looking to this side. */
    boolean looks(TriggerPlacement placement) {
        return this == HOST ? placement.onHost() : placement.inJob();
    }
}
