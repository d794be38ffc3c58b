package io.lull.policy.remus;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.EpochPlan;
import io.lull.policy.Objectives;
import io.lull.policy.Observation;
import io.lull.policy.TriggerPlacement;
import org.junit.jupiter.api.Test;

class FixedIntervalPolicyTest {
    @Test
    void asksForTheIntervalWhateverHappens() {
        FixedIntervalPolicy policy = new FixedIntervalPolicy();
        Objectives objectives = new Objectives(50_000_000, 25_000_000, TriggerPlacement.HOST);

        EpochPlan plan =
                policy.step(policy.initialState(), Observation.NONE, objectives).plan();

        assertThat(plan.maxEpochNanos()).isEqualTo(50_000_000);
        assertThat(plan.idleRule()).isEmpty();
        assertThat(plan.reason()).hasToString("fixed interval of 50000 us");
    }
}
