package io.lull.policy.trigger;

import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.LeasedPlan;
import io.lull.policy.TriggerReason;
import io.lull.policy.signal.IdleVerdict;
import java.util.Optional;

/**
 * Decides at every tick whether the open epoch ends now.
 *
 * <p>The guest's running time is {@code elapsed}; the epoch's age counts from the <i>start</i> of the pause before it:
 *
 * <pre>
 * age    = elapsed + length of the last pause
 * due(T) = age ≥ T and elapsed ≥ T / 2
 * </pre>
 *
 * so that a 25 ms interval gives 40 checkpoints a second however long they take, and yet a guest whose pauses are
 * longer than the interval runs for half of it.
 *
 * <p>The first rule that holds decides:
 *
 * <ol>
 *   <li>due(hard T_max): T_MAX. No plan, lease or bound from below passes it.
 *   <li>a watermark is reached: DIRTY_WATERMARK or HELD_WATERMARK, even before T_min.
 *   <li>elapsed is below T_min, of the worker or of the plan: the guest runs on.
 *   <li>a live command names this epoch: COMMAND. It carries its own expiry and needs no lease.
 *   <li>no plan, or its lease is over: FALLBACK when due(safe interval), else the guest runs on.
 *   <li>the plan has an idle rule and places the trigger on the host: IDLE_SLOT or IDLE_WEAK as the verdict says.
 *   <li>due(plan's T_max): T_MAX with an idle rule, INTERVAL without.
 * </ol>
 */
public final class EpochTrigger {
    private EpochTrigger() {}

    /** Why the epoch ends now; empty when it runs on. */
    public static Optional<TriggerReason> decide(TriggerInput input) {
        HardLimits limits = input.limits();
        if (isDue(input, limits.maxEpochNanos())) {
            return Optional.of(TriggerReason.T_MAX);
        }
        Optional<TriggerReason> watermark = watermark(input);
        if (watermark.isPresent()) {
            return watermark;
        }
        Optional<LeasedPlan> held = input.heldPlan();
        long planMinNanos = held.map(leased -> leased.plan().minEpochNanos()).orElse(0L);
        if (input.sample().elapsedNanos() < Math.max(limits.minEpochNanos(), planMinNanos)) {
            return Optional.empty();
        }
        if (input.liveCommand().isPresent()) {
            return Optional.of(TriggerReason.COMMAND);
        }
        if (held.isEmpty()) {
            return isDue(input, limits.safeIntervalNanos()) ? Optional.of(TriggerReason.FALLBACK) : Optional.empty();
        }
        return byPlan(input, held.get().plan());
    }

    private static Optional<TriggerReason> byPlan(TriggerInput input, EpochPlan plan) {
        boolean looksForIdleSlots = plan.idleRule().isPresent();
        if (looksForIdleSlots && plan.placement().onHost() && input.verdict() != IdleVerdict.NONE) {
            return Optional.of(
                    input.verdict() == IdleVerdict.STRONG ? TriggerReason.IDLE_SLOT : TriggerReason.IDLE_WEAK);
        }
        if (isDue(input, plan.maxEpochNanos())) {
            return Optional.of(looksForIdleSlots ? TriggerReason.T_MAX : TriggerReason.INTERVAL);
        }
        return Optional.empty();
    }

    private static Optional<TriggerReason> watermark(TriggerInput input) {
        if (input.predictedDirtyPages() >= input.limits().dirtyPagesWatermark()) {
            return Optional.of(TriggerReason.DIRTY_WATERMARK);
        }
        if (input.sample().network().heldBytes() >= input.limits().heldBytesWatermark()) {
            return Optional.of(TriggerReason.HELD_WATERMARK);
        }
        return Optional.empty();
    }

    private static boolean isDue(TriggerInput input, long intervalNanos) {
        long elapsedNanos = input.sample().elapsedNanos();
        return elapsedNanos >= intervalNanos / 2 && elapsedNanos + input.lastPauseNanos() >= intervalNanos;
    }
}
