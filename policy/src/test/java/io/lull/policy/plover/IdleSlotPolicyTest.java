package io.lull.policy.plover;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.EpochPlan;
import io.lull.policy.IdleRule;
import io.lull.policy.Objectives;
import io.lull.policy.Signal;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.fixture.TestSample;
import io.lull.policy.signal.SampleView;
import org.junit.jupiter.api.Test;

class IdleSlotPolicyTest {
    private final IdleSlotPolicy policy = new IdleSlotPolicy();

    @Test
    void boundsEveryEpoch() {
        Objectives objectives = new Objectives(1, 60_000_000, TriggerPlacement.BOTH, Targets.NONE);

        EpochPlan plan = policy.plan(policy.initialState(), objectives);

        assertThat(plan.maxEpochNanos()).isEqualTo(60_000_000);
        assertThat(plan.placement()).isEqualTo(TriggerPlacement.BOTH);
        assertThat(plan.idleRule()).contains(IdleRule.DEFAULT);
        assertThat(policy.requires()).containsExactlyInAnyOrder(Signal.VCPU_TIME, Signal.NETWORK, Signal.DISK);
    }

    @Test
    void keepsItsBoundsInOrderWhenTheLongestEpochIsVeryShort() {
        EpochPlan plan =
                policy.plan(policy.initialState(), new Objectives(1, 1000, TriggerPlacement.HOST, Targets.NONE));

        assertThat(plan.minEpochNanos()).isEqualTo(1000);
    }

    @Test
    void learnsTheThresholdFromTheVmsOwnVacantSamples() {
        IdleSlotState state = policy.initialState();
        observe(state, 1000, 0.15);

        EpochPlan plan = policy.plan(state, Objectives.DEFAULT);

        assertThat(plan.idleRule().orElseThrow().busyRatio()).isEqualTo(0.16);
        assertThat(plan.reason()).hasToString("idle slots below 16 % busy, at most 25000 us");
    }

    @Test
    void asksForANewPlanOnlyWhenItsThresholdHasMoved() {
        IdleSlotState state = policy.initialState();
        observe(state, 1000, 0.01);
        long quiet = state.revision;
        EpochPlan before = policy.plan(state, Objectives.DEFAULT);
        observe(state, 100, 0.01);

        assertThat(state.revision).isEqualTo(quiet);
        assertThat(policy.plan(state, Objectives.DEFAULT)).isEqualTo(before);

        observe(state, 4000, 0.15);
        assertThat(state.revision).isNotEqualTo(quiet);
    }

    private void observe(IdleSlotState state, int samples, double busy) {
        SampleView sample =
                new SampleView().load(TestSample.lull(1, 5_000_000).busy(busy).build());
        for (int i = 0; i < samples; i++) {
            policy.onSample(state, sample, Objectives.DEFAULT);
        }
    }
}
