package io.lull.policy.remus;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.fixture.TestSample;
import io.lull.policy.signal.SampleView;
import org.junit.jupiter.api.Test;

class FixedIntervalPolicyTest {
    @Test
    void asksForTheIntervalWhateverHappens() {
        FixedIntervalPolicy policy = new FixedIntervalPolicy();
        Objectives objectives = new Objectives(50_000_000, 25_000_000, TriggerPlacement.HOST, Targets.NONE);

        FixedIntervalState state = policy.initialState();
        policy.onSample(
                state, new SampleView().load(TestSample.lull(1, 5_000_000).build()), objectives);
        EpochPlan plan = policy.plan(state, objectives);

        assertThat(plan.maxEpochNanos()).isEqualTo(50_000_000);
        assertThat(plan.conditions()).isEqualTo(Conditions.NONE);
        assertThat(state.revision).isZero();
        assertThat(plan.reason()).hasToString("fixed interval of 50000 us");
    }
}
