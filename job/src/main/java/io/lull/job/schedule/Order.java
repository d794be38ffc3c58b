package io.lull.job.schedule;

import io.lull.job.state.KeptText;
import io.lull.policy.Objectives;
import io.lull.policy.OperatorIntent;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.guard.PinnedInterval;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** An operator's intent, as Flink keeps it; what a flag calls absent is not asked for. */
public final class Order {
    /**
     * Longest author and longest reason that are kept, as UTF-8: both are repeated in plans and decisions, and a VM's
     * state is bounded, whatever was sent.
     */
    private static final int AUTHOR_BYTES = 64;

    private static final int WHY_BYTES = 140;

    public String author = "";
    public String why = "";

    /** Not in force from then on, the job's clock; {@link Long#MAX_VALUE} when it stays. */
    public long untilMicros;

    /** Name of the policy that is chosen; empty in an order of another kind. */
    public String policy = "";

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
    public boolean hasEncodeThreads;
    public int encodeThreads;

    static Order of(OperatorIntent intent) {
        Order order = new Order();
        order.author = KeptText.cut(intent.author(), AUTHOR_BYTES);
        order.why = KeptText.cut(intent.reason(), WHY_BYTES);
        order.untilMicros = intent.expiresAtMicros().orElse(Long.MAX_VALUE);
        order.policy = intent.policy().orElse("");
        order.hasInterval = intent.intervalNanos().isPresent();
        order.intervalNanos = intent.intervalNanos().orElse(0);
        order.hasMaxEpoch = intent.maxEpochNanos().isPresent();
        order.maxEpochNanos = intent.maxEpochNanos().orElse(0);
        order.hasPlacement = intent.placement().isPresent();
        order.placement = intent.placement().orElse(TriggerPlacement.HOST);
        Targets targets = intent.targets();
        order.hasOutputDelay = targets.outputDelayP99Nanos().isPresent();
        order.outputDelayP99Nanos = targets.outputDelayP99Nanos().orElse(0);
        order.hasOverhead = targets.overheadRatio().isPresent();
        order.overheadRatio = targets.overheadRatio().orElse(0);
        order.hasShipped = targets.shippedBytesPerSecond().isPresent();
        order.shippedBytesPerSecond = targets.shippedBytesPerSecond().orElse(0);
        order.hasEncodeThreads = targets.encodeThreads().isPresent();
        order.encodeThreads = targets.encodeThreads().orElse(0);
        return order;
    }

    boolean holdsAt(long nowMicros) {
        return nowMicros < untilMicros;
    }

    /** {@code what} with who ordered it and why. */
    String inWords(String what) {
        return what + " by " + author + ": " + why;
    }

    /** The interval that it pins. */
    PinnedInterval pin() {
        return new PinnedInterval(intervalNanos, author, why, untilMicros);
    }

    /** {@code base} with what is asked for in its place. */
    Objectives over(Objectives base) {
        Targets targets = base.targets();
        return new Objectives(
                hasInterval ? intervalNanos : base.intervalNanos(),
                hasMaxEpoch ? maxEpochNanos : base.maxEpochNanos(),
                hasPlacement ? placement : base.placement(),
                new Targets(
                        hasOutputDelay ? OptionalLong.of(outputDelayP99Nanos) : targets.outputDelayP99Nanos(),
                        hasOverhead ? OptionalDouble.of(overheadRatio) : targets.overheadRatio(),
                        hasShipped ? OptionalLong.of(shippedBytesPerSecond) : targets.shippedBytesPerSecond(),
                        hasEncodeThreads ? OptionalInt.of(encodeThreads) : targets.encodeThreads()));
    }
}
