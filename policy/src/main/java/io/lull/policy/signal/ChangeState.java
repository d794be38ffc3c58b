package io.lull.policy.signal;

/** What {@link ChangeDetector} remembers of the present phase. A class with public fields: Flink keeps it as state. */
public final class ChangeState {
    /** Whether the last value ended a phase. */
    public boolean changed;

    /** How many phases have ended. */
    public long changes;

    /** Values in this phase. */
    public long values;

    /** Mean of the logarithm in this phase. */
    public double mean;

    /** Its variance. */
    public double variance;

    /** How far values have been above the mean, summed up; in deviations. */
    public double aboveSum;

    /** How far below. */
    public double belowSum;
}
