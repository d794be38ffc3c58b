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
    /** Enough output or disk writes wait, and the link can carry the epoch. */
    OUTPUT,
    /** The plan's own limit on dirty pages. */
    DIRTY_LIMIT,
    /** Waiting for a cheaper moment would cost the VM and its clients more than it saves. */
    WAIT_PRICE,
    /** The oldest held frame must leave now for the output delay to be kept. */
    DEADLINE,
    /** A second, executing VM did not produce a frame that this one sent. */
    DIVERGENCE,
    /** The dirty-page watermark of the worker's hard limits. */
    DIRTY_WATERMARK,
    /** The held-output watermark of the worker's hard limits. */
    HELD_WATERMARK,
    /** No plan holds (its lease ended or none came): the safe fixed interval. */
    FALLBACK
}
