package io.lull.job.schedule;

import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.VmId;
import io.lull.policy.guard.GuardedPlan;
import io.lull.policy.trigger.TriggerInput;
import io.lull.policy.trigger.TriggerSide;
import java.util.Optional;

/**
 * What the job holds of a VM from one sample to the next, so that a sample that changes nothing costs next to nothing.
 * All of it can be made anew from {@link VmState} and the policy's state; Flink does not keep it.
 */
final class LiveVm {
    /** What the trigger looks at; filled at every sample. */
    final TriggerInput input;

    private Terms terms;
    private boolean watched;
    private boolean planned;
    private boolean termsAreNew = true;
    private long revision;
    private Optional<EpochPlan> proposed = Optional.empty();
    private Optional<GuardedPlan> guarded = Optional.empty();
    private IdleRule idleRule = IdleRule.DEFAULT;

    LiveVm(VmId vm, Terms terms) {
        this.terms = terms;
        input = new TriggerInput(vm, HardLimits.DEFAULT);
        input.side = TriggerSide.JOB;
    }

    VmId vm() {
        return input.vm;
    }

    Terms terms() {
        return terms;
    }

    void agree(Terms next) {
        termsAreNew |= !next.equals(terms);
        terms = next;
    }

    /** Whether it is asked for the first time. */
    boolean beginsToBeWatched() {
        boolean begins = !watched;
        watched = true;
        return begins;
    }

    /** Whether no plan has been made since the job started. */
    boolean isNew() {
        return proposed.isEmpty();
    }

    /** Whether the plan must be made anew for a policy at {@code revisionNow}. */
    boolean isOutdated(long revisionNow) {
        return !planned || termsAreNew || revision != revisionNow;
    }

    /** Whether the terms have changed since the plan was made. */
    boolean termsAreNew() {
        return termsAreNew;
    }

    /** Takes up the plan as it was proposed and what guards made of it. */
    void follow(EpochPlan proposal, GuardedPlan result, long revisionNow) {
        planned = true;
        termsAreNew = false;
        revision = revisionNow;
        proposed = Optional.of(proposal);
        guarded = Optional.of(result);
        idleRule = result.plan().flatMap(EpochPlan::idleRule).orElse(IdleRule.DEFAULT);
        // The job acts on its own plan at the sample that it has in hand: no lease to keep.
        input.plan = result.plan().map(plan -> new LeasedPlan(0, plan, Long.MAX_VALUE));
    }

    /** Follows no plan any longer. */
    void drop() {
        planned = false;
        input.plan = Optional.empty();
        idleRule = IdleRule.DEFAULT;
    }

    /** As the policy proposed it; only after {@link #follow}. */
    EpochPlan proposed() {
        return proposed.orElseThrow();
    }

    /** As it is followed; only after {@link #follow}. */
    GuardedPlan guarded() {
        return guarded.orElseThrow();
    }

    /** By which idle slots are found. */
    IdleRule idleRule() {
        return idleRule;
    }
}
