package io.lull.policy.watermark;

import io.lull.policy.PolicyState;
import io.lull.policy.remus.TransferState;

/** What {@link DirtyWatermarkPolicy} has learned of a VM. A class with public fields, because Flink keeps it as state. */
public final class DirtyWatermarkState extends PolicyState {
    /** What shipping an epoch takes. */
    public TransferState transfer = new TransferState();
}
