package io.lull.worker.backup;

/** Counts how often a standby process failed, and says whether one more is to be started; for the standby's thread. */
final class RestartBudget {
    /** How often a failover tries to start a process before it fails. */
    static final int FAILOVER_ATTEMPTS = 2;

    private final int maxRestarts;
    private volatile boolean renewed;
    private int failures;
    private int failoverFailures;

    RestartBudget(int maxRestarts) {
        this.maxRestarts = maxRestarts;
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

    /** Notes a failure; whether there is another attempt. */
    boolean failed(boolean failingOver) {
        failures++;
        failoverFailures += failingOver ? 1 : 0;
        return failingOver ? failoverFailures < FAILOVER_ATTEMPTS : failures <= maxRestarts;
    }
}
