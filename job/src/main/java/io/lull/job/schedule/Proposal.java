package io.lull.job.schedule;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.EpochPlan;
import io.lull.policy.Objectives;
import io.lull.policy.PolicyState;

/**
 * What a policy would have the worker do, made only when it is asked for.
 *
 * @param memory what the policy remembers of the VM
 */
record Proposal<S extends PolicyState>(CheckpointPolicy<S> policy, S memory, Objectives objectives) {
    /** Differs from an earlier one when the plan may differ. */
    long revision() {
        return memory.revision;
    }

    EpochPlan plan() {
        return policy.plan(memory, objectives);
    }
}
