package io.lull.policy;

import java.util.Optional;

/**
 * What a policy asks of the worker until it says otherwise: the bounds of an epoch and what ends it earlier.
 *
 * @param policy name of the policy that made it, for example {@code remus.fixed}
 * @param minEpochNanos no checkpoint before the guest has run this long in the epoch, watermarks excepted
 * @param maxEpochNanos a checkpoint at this age whatever happens (T_max, or the fixed interval)
 * @param conditions what ends the epoch between the two
 * @param placement who looks for idle slots
 * @param reason why the plan is as it is, guards that changed it included
 */
public record EpochPlan(
        String policy,
        long minEpochNanos,
        long maxEpochNanos,
        Conditions conditions,
        TriggerPlacement placement,
        Reason reason) {
    public EpochPlan {
        Checks.notNegative("minEpochNanos", minEpochNanos);
        Checks.positive("maxEpochNanos", maxEpochNanos);
        if (minEpochNanos > maxEpochNanos) {
            throw new IllegalArgumentException(
                    "minEpochNanos " + minEpochNanos + " is above maxEpochNanos " + maxEpochNanos);
        }
    }

    /** The thresholds by which an idle slot is found, if one ends the epoch. */
    public Optional<IdleRule> idleRule() {
        return conditions.idle();
    }

    /** Whether {@code other} does the same but for the thresholds of its conditions; their reasons are not compared. */
    public boolean sameButThresholds(EpochPlan other) {
        return policy.equals(other.policy)
                && minEpochNanos == other.minEpochNanos
                && maxEpochNanos == other.maxEpochNanos
                && placement == other.placement
                && conditions.sameButThresholds(other.conditions);
    }

    /** The same plan with other bounds and a reason for the change. */
    public EpochPlan bounded(long newMinEpochNanos, long newMaxEpochNanos, String why) {
        return new EpochPlan(policy, newMinEpochNanos, newMaxEpochNanos, conditions, placement, reason.and(why));
    }
}
