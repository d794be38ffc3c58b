package io.lull.policy.trigger;

import io.lull.policy.HardLimits;
import io.lull.policy.LeasedPlan;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.signal.IdleState;
import io.lull.policy.signal.IdleVerdict;
import io.lull.policy.signal.SampleView;
import java.util.Optional;

/**
 * All that {@link EpochTrigger} looks at, filled anew at every tick by the one thread that owns it: a decision allocates
 * nothing.
 */
public final class TriggerInput {
    /** Whose epoch it is. */
    public final VmId vm;

    /** The worker's own bounds. */
    public final HardLimits limits;

    /** Who asks. */
    public TriggerSide side = TriggerSide.HOST;

    /** The newest sample; its elapsed time is how long the guest has run in this epoch. */
    public SampleView sample;

    /** What the asking side's own detector says of the samples so far. */
    public IdleVerdict verdict = IdleVerdict.NONE;

    /** How long the guest has rested, by the same detector; see {@link IdleState#restNanos}. */
    public long restNanos;

    /** How long ago held frames were last let go that wait for a reaction; see {@link IdleState#sinceReleaseNanos}. */
    public long sinceReleaseNanos = Long.MAX_VALUE;

    /** How long the vCPUs have worked in this epoch, by the same detector. */
    public double workNanos;

    /** The newest plan, whether or not its lease still holds. */
    public Optional<LeasedPlan> plan = Optional.empty();

    /** The newest command that ends an epoch. */
    public Optional<EndEpoch> command = Optional.empty();

    /** Host wall clock, for leases and expiry only. */
    public long nowMicros;

    /** How long the guest stood still before this epoch; 0 before the first checkpoint. */
    public long lastPauseNanos;

    /** Dirty pages of this epoch, counted or predicted; 0 when nothing is known. */
    public double dirtyPages;

    /** Disk writes of this epoch. */
    public long diskWrites;

    public TriggerInput(VmId vm, HardLimits limits) {
        this(vm, limits, new SampleView());
    }

    /**
     * For one of many VMs.
     *
     * @param sample may be the same for all of them, where each is looked at with a sample of its own at hand
     */
    public TriggerInput(VmId vm, HardLimits limits, SampleView sample) {
        this.vm = vm;
        this.limits = limits;
        this.sample = sample;
    }

    /** Takes over what the detector of the asking side says. */
    public void load(IdleState idle) {
        verdict = idle.verdict;
        restNanos = idle.restNanos;
        workNanos = idle.workNanos;
        sinceReleaseNanos = idle.sinceReleaseNanos;
    }

    /** Whether there is a plan whose lease holds. */
    boolean isPlanned() {
        return plan.isPresent() && plan.get().holdsAt(nowMicros);
    }

    /** Whether there is a command for the open epoch of this VM that has not expired. */
    boolean isCommanded() {
        if (command.isEmpty()) {
            return false;
        }
        EndEpoch end = command.get();
        return end.epoch() == sample.epoch
                && nowMicros < end.expiresAtMicros()
                && end.vm().equals(vm);
    }
}
