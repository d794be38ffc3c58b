package io.lull.policy.signal;

/** What {@link Ewma} remembers of a series. A class with public fields, because Flink keeps it as state. */
public final class EwmaState {
    /** The mean so far; 0 before the first value. */
    public double mean;

    /** How much of the weight of an endless series has been seen, 0..1; 0 before the first value. */
    public double weightRatio;
}
