package io.lull.worker.fence;

import io.lull.policy.Checks;

/**
 * How long to wait before a claim without a ruling is made again: twice as long each time.
 *
 * @param firstMillis after the first
 * @param longestMillis never longer
 */
public record Backoff(long firstMillis, long longestMillis) {
    /** From 0.25 s to 4 s: output waits, and Kafka's return is to end that soon. */
    public static final Backoff DEFAULT = new Backoff(250, 4_000);

    public Backoff {
        Checks.positive("firstMillis", firstMillis);
        if (longestMillis < firstMillis) {
            throw new IllegalArgumentException(
                    "longestMillis " + longestMillis + " must be at least firstMillis " + firstMillis);
        }
    }

    /** The wait after one of {@code millis}. */
    public long after(long millis) {
        return Math.min(longestMillis, 2 * millis);
    }
}
