package io.lull.policy.lull;

/** What {@link LossRate} has added up. A class with public fields, because Flink keeps it as state. */
public final class LossState {
    /** Lost time, faded, nanoseconds. */
    public double lostNanos;

    /** Time in which the server starved or stood still, faded, nanoseconds. */
    public double unservedNanos;

    /** Time in which the guest stood still, faded, nanoseconds. */
    public double pausedNanos;

    /** Share of its work that the server went without at the last sample. */
    public double starving;

    /** Time in which it was lost, faded, nanoseconds. */
    public double nanos;

    /** Share of the VM that waited at the last sample. */
    public double waiting;
}
