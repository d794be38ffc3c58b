package io.lull.job.schedule;

import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.VmId;
import io.lull.policy.guard.GuardedPlan;
import io.lull.policy.signal.SampleView;
import io.lull.policy.trigger.TriggerInput;
import io.lull.policy.trigger.TriggerSide;
import java.util.Optional;

/**
 * What the job holds of a VM from one sample to the next, so that a sample that changes nothing costs next to nothing.
 * All of it can be made anew from {@link VmState} and the policy's state; Flink does not keep it.
 *
 * <p>What is asked at every sample stands in the object itself and not behind others: of many VMs each would be a miss of
 * the processor's caches.
 */
final class LiveVm {
    /** Each worker keeps watermarks of its own, which it alone knows: by others the job would look for no slot beyond them. */
    private static final HardLimits WORKERS_OWN = new HardLimits(
            HardLimits.DEFAULT.minEpochNanos(),
            HardLimits.DEFAULT.maxEpochNanos(),
            HardLimits.DEFAULT.safeIntervalNanos(),
            Long.MAX_VALUE,
            Long.MAX_VALUE);

    /** What the trigger looks at; filled where the plan places the trigger in the job. */
    final TriggerInput input;

    /** The sample at hand; the same view for all VMs of a subtask. */
    final SampleView sample;

    private Terms terms;
    private boolean watched;
    private boolean planned;
    private boolean termsAreNew = true;
    private boolean isNew = true;
    private boolean hasPlan;
    private boolean triggers;
    private long revision;
    private Optional<EpochPlan> proposed = Optional.empty();
    private Optional<GuardedPlan> guarded = Optional.empty();
    private IdleRule idleRule = IdleRule.DEFAULT;

    LiveVm(VmId vm, Terms terms, SampleView sample) {
        this.terms = terms;
        this.sample = sample;
        input = new TriggerInput(vm, WORKERS_OWN, sample);
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

    /** Whether it is asked for the first time, or after {@link #watchAnew}. */
    boolean beginsToBeWatched() {
        boolean begins = !watched;
        watched = true;
        return begins;
    }

    /** Its silence would be heard of too late: to be watched anew from the next sample on. */
    void watchAnew() {
        watched = false;
    }

    /** Whether no plan has been made since the job started. */
    boolean isNew() {
        return isNew;
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
        isNew = false;
        hasPlan = result.plan().isPresent();
        triggers = result.plan().map(plan -> plan.placement().inJob()).orElse(false);
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
        hasPlan = false;
        triggers = false;
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

    /** Whether it follows a plan; not before one was made, nor where guards let none through or it was dropped. */
    boolean hasPlan() {
        return hasPlan;
    }

    /** Whether that plan has the job look for the end of an epoch. */
    boolean triggers() {
        return triggers;
    }

    /** By which idle slots are found. */
    IdleRule idleRule() {
        return idleRule;
    }
}
