package io.lull.policy.sim;

import java.util.Arrays;

/**
 * A histogram of durations with buckets one percent wide: constant memory, whatever is counted.
 *
 * <p>Buckets are logarithmic, {@value #PER_OCTAVE} an octave, from 1 us to over an hour; a quantile is the upper edge of
 * its bucket, at most 1.1 % above the true value. Only the octaves that were counted in are kept: a sweep keeps two
 * histograms of each of thousands of runs.
 */
public final class Delays {
    static final int PER_OCTAVE = 64;
    private static final int OCTAVES = 32;
    private static final long FIRST_NANOS = 1_000;

    private static final int BUCKETS = PER_OCTAVE * OCTAVES + 1;

    /** The bucket that {@link #counts} begins with. */
    private int first;

    private long[] counts = {};
    private long total;
    private long maxNanos;

    /** Counts {@code weight} durations of {@code nanos}. */
    public void add(long nanos, long weight) {
        int bucket = bucket(nanos);
        makeRoom(bucket, bucket + 1);
        counts[bucket - first] += weight;
        total += weight;
        maxNanos = Math.max(maxNanos, nanos);
    }

    /** Counts all that {@code other} has counted. */
    void addAll(Delays other) {
        makeRoom(other.first, other.first + other.counts.length);
        for (int i = 0; i < other.counts.length; i++) {
            counts[other.first - first + i] += other.counts[i];
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
                return Math.min(maxNanos, upperEdgeNanos(first + i));
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
        for (int i = Math.max(0, bucket(nanos) + 1 - first); i < counts.length; i++) {
            above += counts[i];
        }
        return (double) above / total;
    }

    /** The counts by bucket, for a plot; see {@link #upperEdgeNanos}. */
    public long[] counts() {
        long[] all = new long[BUCKETS];
        System.arraycopy(counts, 0, all, first, counts.length);
        return all;
    }

    /** The longest duration that bucket {@code index} holds. */
    public static long upperEdgeNanos(int index) {
        return (long) (FIRST_NANOS * Math.pow(2, (index + 1.0) / PER_OCTAVE));
    }

    void copyFrom(Delays other) {
        if (counts.length == other.counts.length) {
            System.arraycopy(other.counts, 0, counts, 0, counts.length);
        } else {
            counts = other.counts.clone();
        }
        first = other.first;
        total = other.total;
        maxNanos = other.maxNanos;
    }

    void clear() {
        Arrays.fill(counts, 0);
        total = 0;
        maxNanos = 0;
    }

    /** Extends {@link #counts}, by whole octaves, so that it holds the buckets from {@code from} up to {@code to}. */
    private void makeRoom(int from, int to) {
        int end = first + counts.length;
        if (from >= first && to <= end || from >= to) {
            return;
        }
        boolean empty = counts.length == 0;
        int lowest = (empty ? from : Math.min(from, first)) / PER_OCTAVE * PER_OCTAVE;
        int highest = Math.min(BUCKETS, (Math.max(to, end) + PER_OCTAVE - 1) / PER_OCTAVE * PER_OCTAVE);
        long[] wider = new long[highest - lowest];
        System.arraycopy(counts, 0, wider, empty ? 0 : first - lowest, counts.length);
        counts = wider;
        first = lowest;
    }

    private static int bucket(long nanos) {
        if (nanos <= FIRST_NANOS) {
            return 0;
        }
        double octaves = Math.log((double) nanos / FIRST_NANOS) * (1 / Math.log(2));
        return Math.min(BUCKETS - 1, (int) (octaves * PER_OCTAVE));
    }
}
