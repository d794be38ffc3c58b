package io.lull.policy.daly;

import io.lull.policy.PolicyState;

/** What {@link YoungDalyPolicy} has learned of a VM. A class with public fields, because Flink keeps it as state. */
public final class YoungDalyState extends PolicyState {
    /** Mean pause, newer ones weighing more; 0 before the first report. */
    public double pauseNanos;

    /** The interval as plans have it, before T_max; 0 before the first report. */
    public long intervalNanos;
}
