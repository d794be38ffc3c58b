package io.lull.policy.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.IdleRule;
import io.lull.policy.Reason;
import io.lull.policy.TriggerPlacement;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuardChainTest {
    private static final long MS = 1_000_000;
    private static final GuardChain CHAIN = GuardChain.standard(1_000_000);
    private static final PinnedInterval PIN = new PinnedInterval(10 * MS, "ada", "benchmark", 2_000_000);

    private static EpochPlan plan(long minNanos, long maxNanos) {
        return new EpochPlan(
                "test",
                minNanos,
                maxNanos,
                Conditions.of(IdleRule.DEFAULT),
                TriggerPlacement.HOST,
                Reason.of("because"));
    }

    private static GuardInput input(long nowMicros, long lastSampleMicros, Optional<PinnedInterval> pin) {
        return new GuardInput(nowMicros, lastSampleMicros, HardLimits.DEFAULT, pin);
    }

    @Test
    void leavesAGoodPlanAsItIs() {
        EpochPlan plan = plan(2 * MS, 25 * MS);

        GuardedPlan guarded = CHAIN.apply(plan, input(1_000_000, 999_000, Optional.empty()));

        assertThat(guarded).isEqualTo(GuardedPlan.unchanged(plan));
    }

    @Test
    void withholdsThePlanOnStaleTelemetryAndSaysSo() {
        GuardedPlan guarded = CHAIN.apply(plan(2 * MS, 25 * MS), input(3_000_000, 2_000_000, Optional.of(PIN)));

        assertThat(guarded.plan()).isEmpty();
        assertThat(guarded.changedBy()).containsExactly("freshness");
        assertThat(guarded.reason()).hasToString("because; no plan: telemetry silent for 1000 ms, limit 1000 ms");
    }

    @Test
    void pinsTheIntervalUntilThePinEnds() {
        EpochPlan pinned = CHAIN.apply(plan(2 * MS, 25 * MS), input(1_999_999, 1_999_000, Optional.of(PIN)))
                .plan()
                .orElseThrow();
        GuardedPlan after = CHAIN.apply(plan(2 * MS, 25 * MS), input(2_000_000, 1_999_000, Optional.of(PIN)));

        assertThat(pinned.maxEpochNanos()).isEqualTo(10 * MS);
        assertThat(pinned.idleRule()).isEmpty();
        assertThat(pinned.reason()).hasToString("because; pinned to 10000 us by ada: benchmark");
        assertThat(after.changedBy()).isEmpty();
    }

    @Test
    void clampsToTheHardLimitsWhateverWasAskedFor() {
        PinnedInterval tooLong = new PinnedInterval(5_000 * MS, "ada", "", 2_000_000);

        GuardedPlan pinned = CHAIN.apply(plan(2 * MS, 25 * MS), input(1_000_000, 999_000, Optional.of(tooLong)));
        GuardedPlan tooShort = CHAIN.apply(plan(0, MS), input(1_000_000, 999_000, Optional.empty()));
        GuardedPlan tooPatient = CHAIN.apply(plan(800 * MS, 900 * MS), input(1_000_000, 999_000, Optional.empty()));

        assertThat(pinned.plan().orElseThrow().maxEpochNanos()).isEqualTo(500 * MS);
        assertThat(pinned.changedBy()).containsExactly("operator", "hard-limits");
        assertThat(tooShort.plan().orElseThrow().maxEpochNanos()).isEqualTo(2 * MS);
        assertThat(tooPatient.plan().orElseThrow().minEpochNanos()).isEqualTo(500 * MS);
        assertThat(tooPatient.reason().parts()).hasSize(2);
    }
}
