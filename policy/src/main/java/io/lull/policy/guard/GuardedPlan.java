package io.lull.policy.guard;

import io.lull.policy.EpochPlan;
import io.lull.policy.Reason;
import java.util.List;
import java.util.Optional;

/**
 * A plan after its guards.
 *
 * @param plan empty when a guard withheld it
 * @param reason the plan's reason, or the reason up to the guard that withheld it and why
 * @param changedBy names of the guards that changed or withheld it, in order
 */
public record GuardedPlan(Optional<EpochPlan> plan, Reason reason, List<String> changedBy) {
    public GuardedPlan {
        changedBy = List.copyOf(changedBy);
    }

    /** The plan as it was. */
    public static GuardedPlan unchanged(EpochPlan plan) {
        return new GuardedPlan(Optional.of(plan), plan.reason(), List.of());
    }

    /** {@code plan} as {@code guard} made it; its reason already says why. */
    public static GuardedPlan changed(EpochPlan plan, PlanGuard guard) {
        return new GuardedPlan(Optional.of(plan), plan.reason(), List.of(guard.name()));
    }

    /** No plan, because of {@code why}. */
    public static GuardedPlan withheld(EpochPlan plan, PlanGuard guard, String why) {
        return new GuardedPlan(Optional.empty(), plan.reason().and(why), List.of(guard.name()));
    }
}
