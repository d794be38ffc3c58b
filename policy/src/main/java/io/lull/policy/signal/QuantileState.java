package io.lull.policy.signal;

/**
 * A histogram over logarithmic buckets whose old counts fade: what {@link QuantileSketch} has learned. A class with
 * public fields, because Flink keeps it as state. One made without arguments holds 2^-16 to 2^40.
 */
public final class QuantileState {
    /** The lowest bucket begins at 2 to the power of this. */
    public int lowestExponent;

    /** The counts, {@value QuantileSketch#PER_OCTAVE} buckets an octave, in units of {@link #unitWeight}. */
    public double[] counts;

    /** Count of what is below the lowest bucket, zeros included. */
    public double below;

    /** Sum of all counts. */
    public double total;

    /** What one value of weight 1 counts now; grows with each value, which is how the old ones fade. */
    public double unitWeight = 1;

    /** How many values of weight 1 are remembered, about. */
    public double memoryValues;

    public QuantileState() {
        this(-16, 56, 1024);
    }

    QuantileState(int lowestExponent, int octaves, double memoryValues) {
        this.lowestExponent = lowestExponent;
        this.counts = new double[octaves * QuantileSketch.PER_OCTAVE];
        this.memoryValues = memoryValues;
    }
}
