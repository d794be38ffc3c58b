package io.lull.worker.backup;

import java.util.OptionalLong;

/**
 * Counts how often a standby process failed, and says whether one more is to be started; for the standby's thread.
 *
 * <p>One that was ready for {@value #STEADY_PAUSES} restart pauses shows that standbys can be had: the failures before it
 * count no more. So those few that die in months aren't taken for one that never works.
 */
final class RestartBudget {
    /** How often a failover tries to start a process before it fails. */
    static final int FAILOVER_ATTEMPTS = 2;
    /** How many restart pauses a standby is ready until what failed before it is forgotten. */
    static final int STEADY_PAUSES = 10;

    private final int maxRestarts;
    private final long steadyNanos;
    private volatile boolean renewed;
    private OptionalLong readyNanos = OptionalLong.empty();
    private int failures;
    private int failoverFailures;

    RestartBudget(StandbyOptions options) {
        this.maxRestarts = options.maxRestarts();
        this.steadyNanos = Math.multiplyExact(STEADY_PAUSES, options.restartPauseNanos());
    }

    /** Gives all restarts back; from any thread. */
    void renew() {
        renewed = true;
    }

    /** Whether a process may be started without a failover's asking for it. */
    boolean allowsStart() {
        if (renewed) {
            renewed = false;
            failures = 0;
        }
        return failures <= maxRestarts;
    }

    /** The number of the next attempt, from 1. */
    int attempt() {
        return failures + 1;
    }

    /** The process has all that it is sent ahead. */
    void ready(long nowNanos) {
        readyNanos = OptionalLong.of(nowNanos);
    }

    /** Notes a failure; whether there is another attempt. */
    boolean failed(boolean failingOver, long nowNanos) {
        if (readyNanos.isPresent() && nowNanos - readyNanos.getAsLong() >= steadyNanos) {
            failures = 0;
        }
        readyNanos = OptionalLong.empty();
        failures++;
        failoverFailures += failingOver ? 1 : 0;
        return failingOver ? failoverFailures < FAILOVER_ATTEMPTS : failures <= maxRestarts;
    }
}
