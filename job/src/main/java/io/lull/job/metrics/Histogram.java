package io.lull.job.metrics;

import java.util.Arrays;

/**
 * Times by logarithmic buckets, kept by Flink; histograms add up to the histogram of all their times.
 *
 * <pre>
 * bucket of v = 16 · (octave(v) − 10) + sixteenth of the octave         v from 2^10 to 2^40 ns: 1 µs to 18 minutes
 * quantile(q) = middle of the bucket that holds the ⌈q · n⌉-th smallest
 * </pre>
 *
 * <p>So a quantile is off by at most 1/32 of itself. Times below 1.024 µs count as that, those above 18 minutes as
 * that. Only buckets with a time in them are kept; when more than {@value #MAX_CELLS} are, neighbours are joined two by
 * two, and the error doubles: to 1/16 where times spread densely over more than four octaves, and to 1/4 at the worst.
 * What is kept depends on the times alone and not on their order. Source: buckets as in HdrHistogram, joining as in
 * UDDSketch (Epicoco et al., 2020).
 */
public final class Histogram {
    static final int MAX_CELLS = 64;

    private static final int SUB_BITS = 4;
    private static final int SUBS = 1 << SUB_BITS;
    private static final int LOWEST_OCTAVE = 10;
    private static final int TOP_BUCKET = 30 * SUBS - 1;
    private static final int COUNT_BITS = 22;
    private static final int MAX_COUNT = (1 << COUNT_BITS) - 1;

    /** How often neighbours have been joined: a cell holds 2 to the power of this of the finest buckets. */
    public int joins;

    /** Bucket and count of each cell in one number, bucket first, ascending. */
    public int[] cells = new int[0];

    void add(long nanos) {
        int bucket = finestBucket(nanos) >> joins;
        int at = 0;
        while (at < cells.length && bucketOf(cells[at]) < bucket) {
            at++;
        }
        if (at < cells.length && bucketOf(cells[at]) == bucket) {
            cells[at] = cell(bucket, countOf(cells[at]) + 1);
            return;
        }
        int[] more = Arrays.copyOf(cells, cells.length + 1);
        System.arraycopy(cells, at, more, at + 1, cells.length - at);
        more[at] = cell(bucket, 1);
        cells = more;
        joinUntilItFits();
    }

    void add(Histogram other) {
        if (other.cells.length == 0) {
            return;
        }
        int common = Math.max(joins, other.joins);
        int[] all = new int[cells.length + other.cells.length];
        System.arraycopy(joined(cells, common - joins), 0, all, 0, cells.length);
        System.arraycopy(joined(other.cells, common - other.joins), 0, all, cells.length, other.cells.length);
        joins = common;
        cells = merged(all);
        joinUntilItFits();
    }

    /** How many times it holds. */
    long count() {
        long count = 0;
        for (int cell : cells) {
            count += countOf(cell);
        }
        return count;
    }

    /** The time that {@code percent} of all do not exceed, by nearest rank; 0 without a time. */
    long quantileNanos(int percent) {
        long rank = (count() * percent + 99) / 100;
        long seen = 0;
        for (int cell : cells) {
            seen += countOf(cell);
            if (seen >= rank) {
                int first = bucketOf(cell) << joins;
                int next = bucketOf(cell) + 1 << joins;
                return (edgeNanos(first) + edgeNanos(next)) / 2;
            }
        }
        return 0;
    }

    private void joinUntilItFits() {
        while (cells.length > MAX_CELLS) {
            cells = merged(joined(cells, 1));
            joins++;
        }
    }

    /** The cells with their buckets halved {@code times} times; several may be of one bucket. */
    private static int[] joined(int[] cells, int times) {
        int[] coarser = new int[cells.length];
        for (int i = 0; i < cells.length; i++) {
            coarser[i] = cell(bucketOf(cells[i]) >> times, countOf(cells[i]));
        }
        return coarser;
    }

    /** The cells in order, one a bucket. */
    private static int[] merged(int[] cells) {
        Arrays.sort(cells);
        int length = 0;
        for (int cell : cells) {
            if (length > 0 && bucketOf(cells[length - 1]) == bucketOf(cell)) {
                cells[length - 1] = cell(bucketOf(cell), countOf(cells[length - 1]) + countOf(cell));
            } else {
                cells[length++] = cell;
            }
        }
        return Arrays.copyOf(cells, length);
    }

    private static int finestBucket(long nanos) {
        long least = Math.max(1L << LOWEST_OCTAVE, nanos);
        int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(least);
        int sub = (int) (least >>> octave - SUB_BITS) & SUBS - 1;
        return Math.min(TOP_BUCKET, (octave - LOWEST_OCTAVE << SUB_BITS) + sub);
    }

    private static long edgeNanos(int finestBucket) {
        int octave = LOWEST_OCTAVE + (finestBucket >> SUB_BITS);
        return (long) (SUBS + (finestBucket & SUBS - 1)) << octave - SUB_BITS;
    }

    /** A cell; a count that is too great is cut. */
    static int cell(int bucket, int count) {
        return bucket << COUNT_BITS | Math.min(MAX_COUNT, count);
    }

    static int bucketOf(int cell) {
        return cell >>> COUNT_BITS;
    }

    static int countOf(int cell) {
        return cell & MAX_COUNT;
    }
}
