package io.lull.policy.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.EpochPlan;
import io.lull.policy.Objectives;
import io.lull.policy.PolicyState;
import io.lull.policy.remus.FixedIntervalPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyRegistryTest {
    @Test
    void findsEveryPolicyByItsOwnName() {
        PolicyRegistry registry = PolicyRegistry.standard();

        assertThat(registry.names()).contains("remus.fixed", "plover.idle");
        assertThat(registry.names())
                .allSatisfy(name -> assertThat(registry.named(name).name()).isEqualTo(name));
    }

    @Test
    void listsTheKnownNamesWhenOneIsUnknown() {
        assertThatThrownBy(() -> PolicyRegistry.standard().named("plover"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'plover'")
                .hasMessageContaining("remus.fixed, plover.idle");
    }

    @Test
    void refusesTwoPoliciesOfOneName() {
        assertThatThrownBy(() -> new PolicyRegistry(List.of(new FixedIntervalPolicy(), new FixedIntervalPolicy())))
                .hasMessageContaining("remus.fixed");
    }

    @Test
    void plansAreNamedForTheirPolicyAndGiveTheirReason() {
        PolicyRegistry registry = PolicyRegistry.standard();

        assertThat(registry.names()).allSatisfy(name -> firstPlanNames(registry.named(name)));
    }

    private static <S extends PolicyState> void firstPlanNames(CheckpointPolicy<S> policy) {
        S state = policy.initialState();
        EpochPlan plan = policy.plan(state, Objectives.DEFAULT);

        assertThat(plan.policy()).isEqualTo(policy.name());
        assertThat(plan.reason().toString()).isNotBlank();
        assertThat(state).isInstanceOf(policy.stateType());
    }
}
