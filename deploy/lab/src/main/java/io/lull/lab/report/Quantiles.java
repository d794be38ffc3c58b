package io.lull.lab.report;

import io.lull.policy.sim.Delays;
import java.util.Optional;

/**
 * Three quantiles of durations.
 *
 * @param p50Nanos half stay within it
 * @param p99Nanos 99 of 100 stay within it
 * @param maxNanos all stay within it
 */
record Quantiles(long p50Nanos, long p99Nanos, long maxNanos) {
    Quantiles {
        if (p50Nanos > p99Nanos || p99Nanos > maxNanos) {
            throw new IllegalArgumentException(
                    "quantiles need p50 <= p99 <= max, are " + p50Nanos + ", " + p99Nanos + ", " + maxNanos + " ns");
        }
    }

    /** Empty when nothing was counted. */
    static Optional<Quantiles> of(Delays delays) {
        return delays.count() == 0
                ? Optional.empty()
                : Optional.of(new Quantiles(delays.quantileNanos(0.5), delays.quantileNanos(0.99), delays.maxNanos()));
    }
}
