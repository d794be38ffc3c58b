package io.lull.policy.signal;

/** What {@link LineFit} has learned. A class with public fields, because Flink keeps it as state. */
public final class LineFitState {
    /** The slope assumed until the data show one; in y per x, not negative. */
    public double priorSlope;

    public DecayedMoments moments = new DecayedMoments();

    /** c0 of y = c0 + c1·x, not negative. */
    public double intercept;

    /** c1 of y = c0 + c1·x, not negative. */
    public double slope;
}
