package io.lull.policy.mc;

import io.lull.policy.PolicyState;

/** What {@link MicroCheckpointPolicy} knows of a VM's last checkpoint. Public fields, because Flink keeps it. */
public final class MicroCheckpointState extends PolicyState {
    /** How long the guest stood still, in whole milliseconds; 0 before the first checkpoint. */
    public long downtimeMillis;

    /** From the resume until the backup acknowledged, in whole milliseconds; 0 before the first checkpoint. */
    public long transmitMillis;
}
