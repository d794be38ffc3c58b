package io.lull.policy.lull;

/** What {@link Flows} has added up. A class with public fields, because Flink keeps it as state. */
public final class FlowState {
    /** Connections with full windows when all flows stand still: a decaying maximum. */
    public double fullWindows = 1;

    /** Whether there was a flow at all, faded. */
    public double seenRatio;

    /** Time seen, faded, nanoseconds. */
    public double nanos;

    /** Time that flows stood still, as a share of all of them, faded, nanoseconds. */
    public double fullNanos;
}
