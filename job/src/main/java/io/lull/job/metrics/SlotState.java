package io.lull.job.metrics;

import io.lull.policy.signal.IdleState;
import io.lull.policy.signal.VacantState;

/** What {@link SlotFinder} remembers of a VM from one closed pane to the next; kept by Flink. */
public final class SlotState {
    /** What the detector makes of the samples so far. */
    public IdleState idle = new IdleState();

    /** How busy the VM looks when it does nothing. */
    public VacantState vacant = new VacantState();

    /** Length of the slot that goes on, nanoseconds; 0 outside of one. */
    public double slotNanos;
}
