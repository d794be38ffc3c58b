package io.lull.policy.trigger;

import io.lull.policy.Checks;
import io.lull.policy.HardLimits;
import io.lull.policy.LeasedPlan;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.signal.IdleVerdict;
import io.lull.policy.signal.VmSample;
import java.util.Optional;

/**
 * All that {@link EpochTrigger} looks at.
 *
 * @param sample the newest sample; its elapsed time is how long the guest has run in this epoch
 * @param verdict what the host's own detector says of the samples so far
 * @param plan the newest plan, whether or not its lease still holds
 * @param nowMicros host wall clock, for leases and expiry only
 * @param lastPauseNanos how long the guest stood still before this epoch; 0 before the first checkpoint
 * @param predictedDirtyPages dirty pages of this epoch, counted or predicted; 0 when nothing is known
 * @param command the newest command that ends an epoch
 * @param limits the worker's own bounds
 */
public record TriggerInput(
        VmSample sample,
        IdleVerdict verdict,
        Optional<LeasedPlan> plan,
        long nowMicros,
        long lastPauseNanos,
        long predictedDirtyPages,
        Optional<EndEpoch> command,
        HardLimits limits) {
    public TriggerInput {
        Checks.notNegative("nowMicros", nowMicros);
        Checks.notNegative("lastPauseNanos", lastPauseNanos);
        Checks.notNegative("predictedDirtyPages", predictedDirtyPages);
    }

    /** The plan, if its lease holds. */
    Optional<LeasedPlan> heldPlan() {
        return plan.filter(leased -> leased.holdsAt(nowMicros));
    }

    /** The command, if it is for the open epoch of this VM and has not expired. */
    Optional<EndEpoch> liveCommand() {
        return command.filter(end ->
                end.vm().equals(sample.vm()) && end.epoch() == sample.epoch() && nowMicros < end.expiresAtMicros());
    }
}
