package io.lull.policy.signal;

/** What {@link RateEstimator} remembers. A class with public fields, because Flink keeps it as state. */
public final class RateState {
    /** Events per second. */
    public EwmaState perSecond = new EwmaState();

    /** Events that came without any time passing; they count with the next interval. */
    public double carriedEvents;
}
