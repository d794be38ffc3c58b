package io.lull.policy.daly;

import io.lull.policy.Checks;

/**
 * The parameter of {@link YoungDalyPolicy}.
 *
 * @param failureNanos M: mean time between failures of the host
 */
public record YoungDalySettings(long failureNanos) {
    /** A year of 365 days. */
    public static final YoungDalySettings DEFAULT = new YoungDalySettings(31_536_000_000_000_000L);

    public YoungDalySettings {
        Checks.positive("failureNanos", failureNanos);
    }
}
