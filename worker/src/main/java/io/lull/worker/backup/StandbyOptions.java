package io.lull.worker.backup;

import io.lull.policy.Checks;

/**
 * How a standby process is kept.
 *
 * @param hot whether one waits at all times; else it is started and filled at failover
 * @param maxRestarts how often a standby that dies is replaced in a session, before failover has to start one; those don't
 *     count that died before one was ready for ten pauses
 * @param restartPauseNanos the wait before each replacement
 * @param writeLimitNanos a standby that takes in nothing for so long is taken for dead
 * @param resumeLimitNanos how long a failover waits for the VM to run
 */
public record StandbyOptions(
        boolean hot, int maxRestarts, long restartPauseNanos, long writeLimitNanos, long resumeLimitNanos) {
    /** Hot; 5 restarts, a second apart; 5 s to take in a write; 10 s to run. */
    public static final StandbyOptions DEFAULT =
            new StandbyOptions(true, 5, 1_000_000_000L, 5_000_000_000L, 10_000_000_000L);

    public StandbyOptions {
        Checks.notNegative("maxRestarts", maxRestarts);
        Checks.positive("restartPauseNanos", restartPauseNanos);
        Checks.positive("writeLimitNanos", writeLimitNanos);
        Checks.positive("resumeLimitNanos", resumeLimitNanos);
    }
}
