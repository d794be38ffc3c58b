package io.lull.policy.remus;

import io.lull.policy.Checks;

/**
 * The parameters of {@link AdaptiveRemusPolicy}. No published text that could be read names their values, so all are
 * swept.
 *
 * @param networkIntervalNanos T_net: epoch length while much output leaves
 * @param processingIntervalNanos T_proc: epoch length while little does; not below T_net
 * @param highPacketsPerSecond a window with this rate or more votes for the network mode
 * @param lowPacketsPerSecond a window with this rate or less votes for the processing mode; below the high rate
 * @param windowNanos W: length of a window
 * @param holdWindows votes in a row that change the mode; at least 1
 */
public record AdaptiveRemusSettings(
        long networkIntervalNanos,
        long processingIntervalNanos,
        double highPacketsPerSecond,
        double lowPacketsPerSecond,
        long windowNanos,
        int holdWindows) {
    /** 25 ms and 100 ms, 100 and 50 packets a second, two windows of 1 s. */
    public static final AdaptiveRemusSettings DEFAULT =
            new AdaptiveRemusSettings(25_000_000, 100_000_000, 100, 50, 1_000_000_000, 2);

    public AdaptiveRemusSettings {
        Checks.positive("networkIntervalNanos", networkIntervalNanos);
        Checks.positive("processingIntervalNanos", processingIntervalNanos);
        Checks.within("lowPacketsPerSecond", lowPacketsPerSecond, 0, 1e12);
        Checks.within("highPacketsPerSecond", highPacketsPerSecond, Math.nextUp(lowPacketsPerSecond), 1e12);
        Checks.positive("windowNanos", windowNanos);
        Checks.positive("holdWindows", holdWindows);
        if (networkIntervalNanos > processingIntervalNanos) {
            throw new IllegalArgumentException("networkIntervalNanos " + networkIntervalNanos
                    + " is above processingIntervalNanos " + processingIntervalNanos);
        }
    }
}
