package io.lull.bench.fuzz.siege;

import java.util.Arrays;

/** How long things took, and their quantiles. */
final class Delays {
    private long[] nanos = new long[1024];
    private int count;

    void add(long delayNanos) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = delayNanos;
    }

    void add(Delays others) {
        for (int i = 0; i < others.count; i++) {
            add(others.nanos[i]);
        }
    }

    double millis(double quantile) {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(count - 1, (long) (quantile * count))] / 1e6;
    }

    /** Count, p50 and p99 in words. */
    String text() {
        return String.format("%,d, p50 %.2f ms, p99 %.2f ms", count, millis(0.5), millis(0.99));
    }
}
