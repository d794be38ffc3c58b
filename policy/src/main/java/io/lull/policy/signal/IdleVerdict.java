package io.lull.policy.signal;

/** What a stretch of samples says about the open epoch. */
public enum IdleVerdict {
    /** No idle slot. */
    NONE,
    /** An idle slot: the vCPUs rest, nothing is asked, nothing is in flight, and output waits for a commit. */
    STRONG,
    /**
     * A longer rest although a request seems pending. Uploads, subscriptions and long polls keep a request open for
     * ever, so it can't be waited for without end.
     */
    WEAK
}
