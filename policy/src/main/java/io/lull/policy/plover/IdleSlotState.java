package io.lull.policy.plover;

import io.lull.policy.PolicyState;
import io.lull.policy.signal.VacantState;

/** What {@link IdleSlotPolicy} has learned of a VM. A class with public fields, because Flink keeps it as state. */
public final class IdleSlotState extends PolicyState {
    /** How busy the VM looks when it does nothing. */
    public VacantState vacant = new VacantState();
}
