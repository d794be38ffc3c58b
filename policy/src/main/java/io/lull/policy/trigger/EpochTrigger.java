package io.lull.policy.trigger;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.OutputRule;
import io.lull.policy.TriggerReason;
import io.lull.policy.WaitRule;
import io.lull.policy.signal.IdleVerdict;
import java.util.EnumMap;
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
 *   <li>no plan, or its lease is over, or the plan looks at output and nothing is known of any: FALLBACK when due(safe
 *       interval), else the guest runs on.
 *   <li>a condition of the plan holds: IDLE_SLOT or IDLE_WEAK as the verdict says, DEADLINE or WAIT_PRICE, OUTPUT,
 *       DIRTY_LIMIT, DIVERGENCE. Idle slots and the price of waiting count only for a {@linkplain TriggerSide side}
 *       that the plan's placement lets look for them. IDLE_SLOT also where a rest without output is used to get ready
 *       for the next conversation (see {@link WaitJudge}).
 *   <li>due(plan's T_max): T_MAX where the plan has a condition, INTERVAL where it has none.
 * </ol>
 */
public final class EpochTrigger {
    private static final Optional<TriggerReason> RUN_ON = Optional.empty();
    private static final EnumMap<TriggerReason, Optional<TriggerReason>> ENDS = new EnumMap<>(TriggerReason.class);

    static {
        for (TriggerReason reason : TriggerReason.values()) {
            ENDS.put(reason, Optional.of(reason));
        }
    }

    private EpochTrigger() {}

    /** Why the epoch ends now; empty when it runs on. Allocates nothing. */
    public static Optional<TriggerReason> decide(TriggerInput input) {
        HardLimits limits = input.limits;
        if (isDue(input, limits.maxEpochNanos())) {
            return ends(TriggerReason.T_MAX);
        }
        if (input.dirtyPages >= limits.dirtyPagesWatermark()) {
            return ends(TriggerReason.DIRTY_WATERMARK);
        }
        if (input.sample.heldBytes >= limits.heldBytesWatermark()) {
            return ends(TriggerReason.HELD_WATERMARK);
        }
        boolean planned = input.isPlanned();
        long planMinNanos = planned ? input.plan.get().plan().minEpochNanos() : 0;
        if (input.sample.elapsedNanos < Math.max(limits.minEpochNanos(), planMinNanos)) {
            return RUN_ON;
        }
        if (input.isCommanded()) {
            return ends(TriggerReason.COMMAND);
        }
        if (!planned || isBlindTo(input, input.plan.get().plan())) {
            return isDue(input, limits.safeIntervalNanos()) ? ends(TriggerReason.FALLBACK) : RUN_ON;
        }
        return byPlan(input, input.plan.get().plan());
    }

    /** Whether the plan goes by what the guest sends, and nobody sees that. */
    private static boolean isBlindTo(TriggerInput input, EpochPlan plan) {
        Conditions conditions = plan.conditions();
        return !input.sample.framesKnown
                && (conditions.idle().isPresent()
                        || conditions.waiting().isPresent()
                        || conditions.output().isPresent());
    }

    private static Optional<TriggerReason> byPlan(TriggerInput input, EpochPlan plan) {
        Conditions conditions = plan.conditions();
        boolean looks = input.side.looks(plan.placement());
        if (conditions.idle().isPresent() && looks && input.verdict != IdleVerdict.NONE) {
            return ends(input.verdict == IdleVerdict.STRONG ? TriggerReason.IDLE_SLOT : TriggerReason.IDLE_WEAK);
        }
        if (conditions.waiting().isPresent()) {
            WaitRule rule = conditions.waiting().get();
            if (input.sample.openPackets > 0 && input.sample.oldestOpenNanos >= rule.maxHeldNanos()) {
                return ends(TriggerReason.DEADLINE);
            }
            if (looks && WaitJudge.ends(rule, input)) {
                return ends(TriggerReason.WAIT_PRICE);
            }
            if (looks && WaitJudge.getsReady(rule, input)) {
                return ends(TriggerReason.IDLE_SLOT);
            }
        }
        if (conditions.output().isPresent() && outputWaits(conditions.output().get(), input, plan.maxEpochNanos())) {
            return ends(TriggerReason.OUTPUT);
        }
        if (conditions.dirty().isPresent()
                && input.dirtyPages >= conditions.dirty().get().maxDirtyPages()) {
            return ends(TriggerReason.DIRTY_LIMIT);
        }
        if (conditions.divergence().isPresent()
                && input.sample.divergedPackets > 0
                && input.sample.elapsedNanos >= conditions.divergence().get().holdOffNanos()) {
            return ends(TriggerReason.DIVERGENCE);
        }
        if (isDue(input, plan.maxEpochNanos())) {
            return ends(conditions.isEmpty() ? TriggerReason.INTERVAL : TriggerReason.T_MAX);
        }
        return RUN_ON;
    }

    private static boolean outputWaits(OutputRule rule, TriggerInput input, long maxEpochNanos) {
        double transferNanos = rule.transferNanosOf(input.dirtyPages);
        long ageNanos = input.sample.elapsedNanos + input.lastPauseNanos;
        boolean waits = input.sample.openPackets >= rule.minHeldPackets() || input.diskWrites >= rule.minDiskWrites();
        if (waits && ageNanos >= rule.paceRatio() * transferNanos) {
            return true;
        }
        return input.dirtyPages > 0 && transferNanos >= maxEpochNanos - ageNanos;
    }

    private static Optional<TriggerReason> ends(TriggerReason reason) {
        Optional<TriggerReason> known = ENDS.get(reason);
        return known == null ? Optional.of(reason) : known;
    }

    private static boolean isDue(TriggerInput input, long intervalNanos) {
        long elapsedNanos = input.sample.elapsedNanos;
        return elapsedNanos >= intervalNanos / 2 && elapsedNanos + input.lastPauseNanos >= intervalNanos;
    }
}
