package io.lull.policy.guard;

import io.lull.policy.EpochPlan;

/** A rule that a policy's plan passes before it is sent; a guard that changes or withholds it says so in the reason. */
public interface PlanGuard {
    /** The name under which decisions list it, for example {@code hard-limits}. */
    String name();

    /** What this guard makes of {@code plan}; called only while there is one. */
    GuardedPlan guard(EpochPlan plan, GuardInput input);
}
