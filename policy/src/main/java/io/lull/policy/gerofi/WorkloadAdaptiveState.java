package io.lull.policy.gerofi;

import io.lull.policy.PolicyState;
import io.lull.policy.remus.TransferState;

/** What {@link WorkloadAdaptivePolicy} has learned of a VM. A class with public fields: Flink keeps it as state. */
public final class WorkloadAdaptiveState extends PolicyState {
    /** What shipping an epoch takes. */
    public TransferState transfer = new TransferState();
}
