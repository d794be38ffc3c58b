package io.lull.job.schedule;

import io.lull.policy.Checks;
import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import java.io.Serializable;

/**
 * How VMs are scheduled where no operator says otherwise.
 *
 * @param policy name of the default policy
 * @param intervalNanos epoch length of a fixed-interval policy
 * @param maxEpochNanos longest epoch (T_max) of the other policies
 * @param placement who looks for idle slots
 * @param leaseMicros how long a plan holds after the sample that it was made on
 * @param reassertMicros how often a plan is sent again, with a fresh lease; at most half of the lease
 * @param stalenessMicros without a sample for this long no plan is sent
 * @param forgetMicros without a sample for this long all that was learned of a VM is dropped; longer than staleness
 * @param commandExpiryMicros how long after its sample a command to end an epoch may be acted on
 */
public record SchedulerSettings(
        String policy,
        long intervalNanos,
        long maxEpochNanos,
        TriggerPlacement placement,
        long leaseMicros,
        long reassertMicros,
        long stalenessMicros,
        long forgetMicros,
        long commandExpiryMicros)
        implements Serializable {
    public SchedulerSettings {
        Checks.positive("intervalNanos", intervalNanos);
        Checks.positive("maxEpochNanos", maxEpochNanos);
        Checks.positive("leaseMicros", leaseMicros);
        Checks.positive("reassertMicros", reassertMicros);
        Checks.positive("stalenessMicros", stalenessMicros);
        Checks.positive("commandExpiryMicros", commandExpiryMicros);
        if (forgetMicros <= stalenessMicros) {
            throw new IllegalArgumentException("a VM must be silent before it is forgotten: staleness "
                    + stalenessMicros + " us, forgotten after " + forgetMicros + " us");
        }
        if (reassertMicros > leaseMicros / 2) {
            throw new IllegalArgumentException("a plan must be sent again at least twice a lease, else one lost record"
                    + " makes the worker fall back: re-assert " + reassertMicros + " us, lease " + leaseMicros + " us");
        }
    }

    /** What the settings ask of every VM. */
    public Objectives objectives() {
        return new Objectives(intervalNanos, maxEpochNanos, placement, Targets.NONE);
    }
}
