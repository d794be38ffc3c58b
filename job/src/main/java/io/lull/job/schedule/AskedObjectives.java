package io.lull.job.schedule;

import io.lull.policy.Objectives;
import io.lull.policy.OperatorIntent;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The objectives that an operator asked for, as Flink keeps them; what a flag calls absent stays as it was. */
public class AskedObjectives {
    public boolean present;
    public boolean hasInterval;
    public long intervalNanos;
    public boolean hasMaxEpoch;
    public long maxEpochNanos;
    public boolean hasPlacement;
    public TriggerPlacement placement = TriggerPlacement.HOST;
    public boolean hasOutputDelay;
    public long outputDelayP99Nanos;
    public boolean hasOverhead;
    public double overheadRatio;
    public boolean hasShipped;
    public long shippedBytesPerSecond;

    /** Not in force from then on; {@link Long#MAX_VALUE} when it stays. */
    public long untilMicros;

    static AskedObjectives of(OperatorIntent intent) {
        AskedObjectives asked = new AskedObjectives();
        asked.take(intent);
        return asked;
    }

    final void take(OperatorIntent intent) {
        present = true;
        hasInterval = intent.intervalNanos().isPresent();
        intervalNanos = intent.intervalNanos().orElse(0);
        hasMaxEpoch = intent.maxEpochNanos().isPresent();
        maxEpochNanos = intent.maxEpochNanos().orElse(0);
        hasPlacement = intent.placement().isPresent();
        placement = intent.placement().orElse(TriggerPlacement.HOST);
        Targets targets = intent.targets();
        hasOutputDelay = targets.outputDelayP99Nanos().isPresent();
        outputDelayP99Nanos = targets.outputDelayP99Nanos().orElse(0);
        hasOverhead = targets.overheadRatio().isPresent();
        overheadRatio = targets.overheadRatio().orElse(0);
        hasShipped = targets.shippedBytesPerSecond().isPresent();
        shippedBytesPerSecond = targets.shippedBytesPerSecond().orElse(0);
        untilMicros = intent.expiresAtMicros().orElse(Long.MAX_VALUE);
    }

    final boolean holdsAt(long nowMicros) {
        return present && nowMicros < untilMicros;
    }

    final Objectives over(Objectives base) {
        Targets targets = base.targets();
        return new Objectives(
                hasInterval ? intervalNanos : base.intervalNanos(),
                hasMaxEpoch ? maxEpochNanos : base.maxEpochNanos(),
                hasPlacement ? placement : base.placement(),
                new Targets(
                        hasOutputDelay ? OptionalLong.of(outputDelayP99Nanos) : targets.outputDelayP99Nanos(),
                        hasOverhead ? OptionalDouble.of(overheadRatio) : targets.overheadRatio(),
                        hasShipped ? OptionalLong.of(shippedBytesPerSecond) : targets.shippedBytesPerSecond()));
    }
}
