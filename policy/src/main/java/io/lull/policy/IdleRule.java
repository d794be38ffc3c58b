package io.lull.policy;

/**
 * The thresholds by which a stretch of samples counts as an idle slot.
 *
 * <p>Busy share of a sample is (run + wait time of the vCPU threads) / (sample length × vCPUs): wait time counts,
 * because a vCPU that is starved of a core uses no CPU and is not idle.
 *
 * @param busyRatio a sample is idle when its busy share is below this; 0..1
 * @param idleNanos how long samples must have been idle in a row for a strong idle slot
 * @param quietNanos how long the guest must have sent nothing
 * @param weakIdleNanos how long samples must have been idle in a row when a request seems pending
 * @param settleNanos how long after the guest resumed before anything counts
 */
public record IdleRule(double busyRatio, long idleNanos, long quietNanos, long weakIdleNanos, long settleNanos) {
    /** 5 %, 0.6 ms idle and quiet (three probes of 200 us, as PLOVER released it), 5 ms weak, 2 ms settle. */
    public static final IdleRule DEFAULT = new IdleRule(0.05, 600_000, 600_000, 5_000_000, 2_000_000);

    public IdleRule {
        Checks.within("busyRatio", busyRatio, 0, 1);
        Checks.notNegative("idleNanos", idleNanos);
        Checks.notNegative("quietNanos", quietNanos);
        Checks.notNegative("weakIdleNanos", weakIdleNanos);
        Checks.notNegative("settleNanos", settleNanos);
        if (weakIdleNanos < idleNanos) {
            throw new IllegalArgumentException("weakIdleNanos " + weakIdleNanos + " is below idleNanos " + idleNanos);
        }
    }

    /** The same with another threshold for the busy share. */
    public IdleRule withBusyRatio(double ratio) {
        return new IdleRule(ratio, idleNanos, quietNanos, weakIdleNanos, settleNanos);
    }
}
