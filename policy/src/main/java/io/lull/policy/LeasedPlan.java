package io.lull.policy;

/**
 * A plan together with how long it holds: after the lease the worker falls back to its safe interval.
 *
 * @param planId grows with every plan of a VM; a plan replaces any with a lower id
 * @param plan what to do
 * @param leaseUntilMicros host wall clock, microseconds since 1970
 */
public record LeasedPlan(long planId, EpochPlan plan, long leaseUntilMicros) {
    public LeasedPlan {
        Checks.notNegative("planId", planId);
        Checks.notNegative("leaseUntilMicros", leaseUntilMicros);
    }

    /** Whether the lease still holds at {@code nowMicros}. */
    public boolean holdsAt(long nowMicros) {
        return nowMicros < leaseUntilMicros;
    }
}
