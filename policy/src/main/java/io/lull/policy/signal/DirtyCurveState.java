package io.lull.policy.signal;

/** What {@link DirtyCurve} has learned. A class with public fields, because Flink keeps it as state. */
public final class DirtyCurveState {
    /** Moments of (ln milliseconds run, ln dirty pages). */
    public DecayedMoments logs = new DecayedMoments();

    /** The exponent a, 0..1. */
    public double exponent = DirtyCurve.PRIOR_EXPONENT;

    /** Dirty pages of the epochs, faded. */
    public double seenPages;

    /** What the geometric curve gave for them, faded. */
    public double fittedPages;

    /** The coefficient d: pages after one millisecond; 0 while nothing is known. */
    public double pagesAtOneMilli;

    /** The same, to be brought up to date while others still read this one. */
    public DirtyCurveState copy() {
        DirtyCurveState copy = new DirtyCurveState();
        copy.logs = logs.copy();
        copy.exponent = exponent;
        copy.seenPages = seenPages;
        copy.fittedPages = fittedPages;
        copy.pagesAtOneMilli = pagesAtOneMilli;
        return copy;
    }
}
