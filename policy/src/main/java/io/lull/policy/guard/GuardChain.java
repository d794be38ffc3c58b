package io.lull.policy.guard;

import io.lull.policy.EpochPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Guards in a fixed order, each seeing what the one before let through. The standard order is freshness, operator,
 * hard limits: an operator's order can't make up for missing telemetry, and nothing passes the hard limits.
 */
public final class GuardChain {
    private final List<PlanGuard> guards;

    public GuardChain(List<PlanGuard> guards) {
        this.guards = List.copyOf(guards);
    }

    /** The standard order, with plans withheld from {@code stalenessMicros} without a sample. */
    public static GuardChain standard(long stalenessMicros) {
        return new GuardChain(List.of(new FreshnessGuard(stalenessMicros), new OperatorGuard(), new HardLimitGuard()));
    }

    /** The plan after all guards, or up to the one that withheld it. */
    public GuardedPlan apply(EpochPlan plan, GuardInput input) {
        GuardedPlan result = GuardedPlan.unchanged(plan);
        List<String> changedBy = new ArrayList<>();
        for (PlanGuard guard : guards) {
            if (result.plan().isEmpty()) {
                break;
            }
            result = guard.guard(result.plan().get(), input);
            changedBy.addAll(result.changedBy());
        }
        return new GuardedPlan(result.plan(), result.reason(), changedBy);
    }
}
