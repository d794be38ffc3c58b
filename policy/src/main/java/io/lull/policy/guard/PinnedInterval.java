package io.lull.policy.guard;

import io.lull.policy.Checks;

/**
 * An operator's order to checkpoint at a fixed interval.
 *
 * @param intervalNanos the interval
 * @param author who gave it
 * @param why the operator's own words; may be empty
 * @param untilMicros wall clock; not in force from then on
 */
public record PinnedInterval(long intervalNanos, String author, String why, long untilMicros) {
    public PinnedInterval {
        Checks.positive("intervalNanos", intervalNanos);
        Checks.notNegative("untilMicros", untilMicros);
    }

    public boolean holdsAt(long nowMicros) {
        return nowMicros < untilMicros;
    }
}
