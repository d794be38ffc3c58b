package io.lull.policy;

/** Why an epoch was ended. */
public enum TriggerReason {
    /** The plan's interval was over (fixed-interval policies). */
    INTERVAL,
    /** An idle slot: all that was asked has been answered and a pause costs nothing. */
    IDLE_SLOT,
    /** A long stretch without CPU use although a request seems pending (uploads, pub/sub, long polls). */
    IDLE_WEAK,
    /** A {@code Checkpoint} command of the job for this epoch. */
    COMMAND,
    /** The plan's longest epoch was reached without an idle slot. */
    T_MAX,
    /** The dirty-page watermark of the worker's hard limits. */
    DIRTY_WATERMARK,
    /** The held-output watermark of the worker's hard limits. */
    HELD_WATERMARK,
    /** No plan holds (its lease ended or none came): the safe fixed interval. */
    FALLBACK
}
