package io.lull.policy.signal;

/** What {@link SlotHazard} has learned. A class with public fields, because Flink keeps it as state. */
public final class HazardState {
    /** Lulls that began, faded. */
    public double slots;

    /** Time at risk, faded, in seconds. */
    public double atRiskSeconds;

    /** The epoch of the last sample; 0 before the first one. */
    public long epoch;

    /** Whether the guest was at risk of a lull at the last sample. */
    public boolean atRisk;
}
