package io.lull.policy.plover;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.CheckpointPolicy.Step;
import io.lull.policy.EpochPlan;
import io.lull.policy.IdleRule;
import io.lull.policy.Objectives;
import io.lull.policy.Observation;
import io.lull.policy.Signal;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.fixture.TestSample;
import io.lull.policy.signal.VmSample;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdleSlotPolicyTest {
    private final IdleSlotPolicy policy = new IdleSlotPolicy();

    @Test
    void boundsEveryEpoch() {
        Objectives objectives = new Objectives(1, 60_000_000, TriggerPlacement.BOTH);

        EpochPlan plan =
                policy.step(policy.initialState(), Observation.NONE, objectives).plan();

        assertThat(plan.maxEpochNanos()).isEqualTo(60_000_000);
        assertThat(plan.placement()).isEqualTo(TriggerPlacement.BOTH);
        assertThat(plan.idleRule()).contains(IdleRule.DEFAULT);
        assertThat(policy.requires()).containsExactlyInAnyOrder(Signal.VCPU_TIME, Signal.NETWORK, Signal.DISK);
    }

    @Test
    void keepsItsBoundsInOrderWhenTheLongestEpochIsVeryShort() {
        EpochPlan plan = policy.step(
                        policy.initialState(), Observation.NONE, new Objectives(1, 1000, TriggerPlacement.HOST))
                .plan();

        assertThat(plan.minEpochNanos()).isEqualTo(1000);
    }

    @Test
    void learnsTheThresholdFromTheVmsOwnVacantSamples() {
        VmSample noisy = TestSample.lull(1, 5_000_000).busy(0.15).build();
        Observation observation = new Observation(Collections.nCopies(1000, noisy), List.of());

        Step<IdleSlotState> step = policy.step(policy.initialState(), observation, Objectives.DEFAULT);

        assertThat(step.plan().idleRule().orElseThrow().busyRatio()).isEqualTo(0.16);
        assertThat(step.plan().reason()).hasToString("idle slots below 16 % busy, at most 25000 us");
    }
}
