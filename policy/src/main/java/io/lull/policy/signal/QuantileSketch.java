package io.lull.policy.signal;

import io.lull.policy.Checks;

/**
 * Quantiles of a quantity that is not negative, in constant memory, of about the last so many values.
 *
 * <p>Each octave of the range has {@value #PER_OCTAVE} buckets of equal width, found from the bits of the number; a
 * quantile is interpolated within its bucket, so that it is off by at most 1/8 of itself, and by 1/16 on average or
 * less. What is below the range counts as 0, what is above as its upper end.
 *
 * <pre>
 * count(bucket of v) ← count + weight · u,     u ← u · (1 + weight / memory)
 * quantile(r) = the value below which r · Σ count lie
 * </pre>
 *
 * <p>A new value thus counts more than the old ones by a growing factor, which is the same as letting the old ones
 * fade with a time constant of {@code memory} values, at the cost of one bucket a value; when u is large all are
 * scaled down. Regimes: unknown without a value; the plain quantile of all values up to the memory; a sliding one
 * later. Source: forward decay, Cormode et al., ICDE 2009; buckets as in HdrHistogram.
 */
public final class QuantileSketch {
    static final int PER_OCTAVE = 8;
    private static final int SUB_BITS = 3;
    private static final int MANTISSA_BITS = 52;
    private static final int EXPONENT_BIAS = 1023;
    private static final double RESCALE_AT = 1e12;
    private static final double LONGEST_MEMORY = 1e9;

    private QuantileSketch() {}

    /** A sketch for shares from 2^-12 to 1 that remembers about {@code memoryValues}. */
    public static QuantileState ofRatios(double memoryValues) {
        return new QuantileState(-12, 13, memory(memoryValues));
    }

    /** A sketch for times from 1 µs to 70 minutes, in nanoseconds, that remembers about {@code memoryValues}. */
    public static QuantileState ofNanos(double memoryValues) {
        return new QuantileState(10, 32, memory(memoryValues));
    }

    static QuantileState ofBytesPerSecond() {
        return new QuantileState(10, 32, LinkRate.MEMORY_SHIPS);
    }

    /** Takes up {@code value}. */
    public static void add(QuantileState state, double value) {
        add(state, value, 1);
    }

    /** Takes up {@code value} with a weight from 0 to 1. */
    public static void add(QuantileState state, double value, double weight) {
        if (Double.isNaN(value) || !(weight > 0)) {
            return;
        }
        double share = Math.min(1, weight);
        double count = share * state.unitWeight;
        int bucket = bucketOf(state, value);
        if (bucket < 0) {
            state.below += count;
        } else {
            state.counts[bucket] += count;
        }
        state.total += count;
        state.unitWeight *= 1 + share / Math.max(1, state.memoryValues);
        if (state.unitWeight > RESCALE_AT) {
            rescale(state);
        }
    }

    /** Whether there has been a value. */
    public static boolean isKnown(QuantileState state) {
        return state.total > 0;
    }

    /** The value below which the share {@code ratio} of all lies, 0..1; 0 while unknown. */
    public static double quantile(QuantileState state, double ratio) {
        double rest = Math.max(0, Math.min(1, ratio)) * state.total - state.below;
        if (!(rest > 0)) {
            return 0;
        }
        int last = 0;
        for (int i = 0; i < state.counts.length; i++) {
            double count = state.counts[i];
            if (count > 0 && rest <= count) {
                return edge(state, i) + (edge(state, i + 1) - edge(state, i)) * rest / count;
            }
            rest -= count;
            last = count > 0 ? i : last;
        }
        return edge(state, last + 1);
    }

    private static double memory(double values) {
        return Checks.within("memoryValues", values, 1, LONGEST_MEMORY);
    }

    private static int bucketOf(QuantileState state, double value) {
        if (!(value > 0)) {
            return -1;
        }
        long eighths = Double.doubleToRawLongBits(value) >>> (MANTISSA_BITS - SUB_BITS);
        long bucket = eighths - ((long) (state.lowestExponent + EXPONENT_BIAS) << SUB_BITS);
        return (int) Math.max(-1, Math.min(state.counts.length - 1, bucket));
    }

    /** Lower edge of the bucket. */
    private static double edge(QuantileState state, int bucket) {
        int octave = Math.floorDiv(bucket, PER_OCTAVE);
        double withinOctave = 1 + (bucket - octave * PER_OCTAVE) / (double) PER_OCTAVE;
        return Math.scalb(withinOctave, state.lowestExponent + octave);
    }

    private static void rescale(QuantileState state) {
        double factor = 1 / state.unitWeight;
        for (int i = 0; i < state.counts.length; i++) {
            state.counts[i] *= factor;
        }
        state.below *= factor;
        state.total = state.below;
        for (double count : state.counts) {
            state.total += count;
        }
        state.unitWeight = 1;
    }
}
