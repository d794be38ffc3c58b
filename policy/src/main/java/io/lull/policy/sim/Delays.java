package io.lull.policy.sim;

import java.util.Arrays;

/**
 * A histogram of durations with buckets one percent wide: constant memory, whatever is counted.
 *
 * <p>Buckets are logarithmic, {@value #PER_OCTAVE} an octave, from 1 us to over an hour; a quantile is the upper edge of
 * its bucket, at most 1.1 % above the true value.
 */
public final class Delays {
    static final int PER_OCTAVE = 64;
    private static final int OCTAVES = 32;
    private static final long FIRST_NANOS = 1_000;

    private final long[] counts = new long[PER_OCTAVE * OCTAVES + 1];
    private long total;
    private long maxNanos;

    /** Counts {@code weight} durations of {@code nanos}. */
    public void add(long nanos, long weight) {
        counts[bucket(nanos)] += weight;
        total += weight;
        maxNanos = Math.max(maxNanos, nanos);
    }

    /** Counts all that {@code other} has counted. */
    void addAll(Delays other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
        maxNanos = Math.max(maxNanos, other.maxNanos);
    }

    /** How many were counted. */
    public long count() {
        return total;
    }

    /** The longest; 0 when none was counted. */
    public long maxNanos() {
        return maxNanos;
    }

    /** The duration that {@code ratio} of all stay within; 0 when none was counted. */
    public long quantileNanos(double ratio) {
        if (total == 0) {
            return 0;
        }
        long need = (long) Math.ceil(ratio * total);
        long upTo = 0;
        for (int i = 0; i < counts.length; i++) {
            upTo += counts[i];
            if (upTo >= need) {
                return Math.min(maxNanos, upperEdgeNanos(i));
            }
        }
        return maxNanos;
    }

    /** Share of all that took longer than {@code nanos}; 0..1, by whole buckets. */
    public double shareAbove(long nanos) {
        if (total == 0) {
            return 0;
        }
        long above = 0;
        for (int i = bucket(nanos) + 1; i < counts.length; i++) {
            above += counts[i];
        }
        return (double) above / total;
    }

    /** The counts by bucket, for a plot; see {@link #upperEdgeNanos}. */
    public long[] counts() {
        return Arrays.copyOf(counts, counts.length);
    }

    /** The longest duration that bucket {@code index} holds. */
    public static long upperEdgeNanos(int index) {
        return (long) (FIRST_NANOS * Math.pow(2, (index + 1.0) / PER_OCTAVE));
    }

    void copyFrom(Delays other) {
        System.arraycopy(other.counts, 0, counts, 0, counts.length);
        total = other.total;
        maxNanos = other.maxNanos;
    }

    void clear() {
        Arrays.fill(counts, 0);
        total = 0;
        maxNanos = 0;
    }

    private static int bucket(long nanos) {
        if (nanos <= FIRST_NANOS) {
            return 0;
        }
        double octaves = Math.log((double) nanos / FIRST_NANOS) * (1 / Math.log(2));
        return Math.min(PER_OCTAVE * OCTAVES, (int) (octaves * PER_OCTAVE));
    }
}
