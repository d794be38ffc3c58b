package io.lull.policy;

import java.util.OptionalInt;

/**
 * A plan together with how long it holds and what it grants: after the lease the worker falls back to its safe interval and
 * to what its configuration grants.
 *
 * @param planId grows with every plan of a VM; a plan replaces any with a lower id
 * @param plan what to do
 * @param leaseUntilMicros host wall clock, microseconds since 1970
 * @param encodeThreads most threads that may work on a checkpoint's pages, within the worker's configuration; without it
 *     that alone says
 */
public record LeasedPlan(long planId, EpochPlan plan, long leaseUntilMicros, OptionalInt encodeThreads) {
    public LeasedPlan {
        Checks.notNegative("planId", planId);
        Checks.notNegative("leaseUntilMicros", leaseUntilMicros);
        encodeThreads.ifPresent(value -> Checks.positive("encodeThreads", value));
    }

    /** Without a word on threads. */
    public LeasedPlan(long planId, EpochPlan plan, long leaseUntilMicros) {
        this(planId, plan, leaseUntilMicros, OptionalInt.empty());
    }

    /** Whether the lease still holds at {@code nowMicros}. */
    public boolean holdsAt(long nowMicros) {
        return nowMicros < leaseUntilMicros;
    }
}
