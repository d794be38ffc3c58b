package io.lull.policy.lull;

/** What {@link Reaction} has added up. A class with public fields, because Flink keeps it as state. */
public final class ReactionState {
    /** What arrived in all, faded, bytes of payload. */
    public double arrivals;

    /** Frames that the guest sent meanwhile, faded. */
    public double sentPackets;

    /** In how long, faded, nanoseconds. */
    public double nanos;

    /** What arrived while the whole conversation waited, faded, bytes of payload. */
    public double waitingArrivals;

    /** In how long, faded, nanoseconds. */
    public double waitingNanos;

    /** Whether the whole conversation waited at the last sample. */
    public boolean waits;

    /** Frames held at the last sample. */
    public long heldPackets;
}
