package io.lull.policy.guard;

import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;

/**
 * Clamps a plan's bounds to the hard limits. The worker keeps to its own limits whatever it is told; a plan that
 * already does lets the decision show what will really happen.
 */
public final class HardLimitGuard implements PlanGuard {
    @Override
    public String name() {
        return "hard-limits";
    }

    @Override
    public GuardedPlan guard(EpochPlan plan, GuardInput input) {
        HardLimits limits = input.limits();
        long maxNanos = clamp(plan.maxEpochNanos(), limits.minEpochNanos(), limits.maxEpochNanos());
        long minNanos = clamp(plan.minEpochNanos(), 0, maxNanos);
        if (maxNanos == plan.maxEpochNanos() && minNanos == plan.minEpochNanos()) {
            return GuardedPlan.unchanged(plan);
        }
        String why = "hard limits " + limits.minEpochNanos() / 1000 + " to " + limits.maxEpochNanos() / 1000
                + " us: longest epoch " + plan.maxEpochNanos() / 1000 + " -> " + maxNanos / 1000 + " us";
        return GuardedPlan.changed(plan.bounded(minNanos, maxNanos, why), this);
    }

    private static long clamp(long value, long low, long high) {
        return Math.max(low, Math.min(high, value));
    }
}
