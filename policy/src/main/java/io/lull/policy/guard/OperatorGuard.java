package io.lull.policy.guard;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import java.util.Optional;

/** Replaces the plan by an operator's pinned interval while that is in force. */
public final class OperatorGuard implements PlanGuard {
    @Override
    public String name() {
        return "operator";
    }

    @Override
    public GuardedPlan guard(EpochPlan plan, GuardInput input) {
        Optional<PinnedInterval> held = input.pin().filter(pin -> pin.holdsAt(input.nowMicros()));
        if (held.isEmpty()) {
            return GuardedPlan.unchanged(plan);
        }
        PinnedInterval pin = held.get();
        String why = "pinned to " + pin.intervalNanos() / 1000 + " us by " + pin.author()
                + (pin.why().isBlank() ? "" : ": " + pin.why());
        EpochPlan pinned = new EpochPlan(
                plan.policy(),
                0,
                pin.intervalNanos(),
                Conditions.NONE,
                plan.placement(),
                plan.reason().and(why));
        return GuardedPlan.changed(pinned, this);
    }
}
