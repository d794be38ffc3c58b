package io.lull.bench.many;

import java.util.Arrays;

/** The commit delays of one VM in one phase, in nanoseconds. Thread-safe. */
final class Delays {
    private static final int MAX = 1 << 20;

    private long[] nanos = new long[1024];
    private int count;
    private long pages;

    synchronized void add(long delayNanos, long dirtyPages) {
        pages += dirtyPages;
        if (count == nanos.length) {
            if (count == MAX) {
                throw new IllegalStateException("more than " + MAX + " epochs in one phase");
            }
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = delayNanos;
    }

    synchronized int count() {
        return count;
    }

    /** Pages of all its epochs. */
    synchronized long pages() {
        return pages;
    }

    /**
     * The smallest delay that a share of the epochs stayed within.
     *
     * @throws IllegalStateException when there are none
     */
    synchronized long quantile(double share) {
        if (count == 0) {
            throw new IllegalStateException("no epoch was committed, so there is no delay");
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * count) - 1)];
    }
}
