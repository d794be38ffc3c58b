package io.lull.job.schedule;

import io.lull.policy.Objectives;
import io.lull.policy.OperatorIntent;
import io.lull.policy.TriggerPlacement;

/** An operator's choice of policy, as Flink keeps it; what a flag calls absent comes from the settings. */
public final class ChosenPolicy {
    public boolean present;
    public String policy = "";
    public boolean hasInterval;
    public long intervalNanos;
    public boolean hasMaxEpoch;
    public long maxEpochNanos;
    public boolean hasPlacement;
    public TriggerPlacement placement = TriggerPlacement.HOST;

    /** Not in force from then on; {@link Long#MAX_VALUE} when it stays. */
    public long untilMicros;

    static ChosenPolicy of(OperatorIntent intent) {
        ChosenPolicy chosen = new ChosenPolicy();
        chosen.present = true;
        chosen.policy = intent.policy().orElseThrow();
        chosen.hasInterval = intent.intervalNanos().isPresent();
        chosen.intervalNanos = intent.intervalNanos().orElse(0);
        chosen.hasMaxEpoch = intent.maxEpochNanos().isPresent();
        chosen.maxEpochNanos = intent.maxEpochNanos().orElse(0);
        chosen.hasPlacement = intent.placement().isPresent();
        chosen.placement = intent.placement().orElse(TriggerPlacement.HOST);
        chosen.untilMicros = intent.expiresAtMicros().orElse(Long.MAX_VALUE);
        return chosen;
    }

    boolean holdsAt(long nowMicros) {
        return present && nowMicros < untilMicros;
    }

    Objectives over(Objectives base) {
        return new Objectives(
                hasInterval ? intervalNanos : base.intervalNanos(),
                hasMaxEpoch ? maxEpochNanos : base.maxEpochNanos(),
                hasPlacement ? placement : base.placement());
    }
}
