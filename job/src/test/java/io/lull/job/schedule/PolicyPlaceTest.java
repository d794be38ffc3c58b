package io.lull.job.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.PolicyState;
import io.lull.policy.registry.PolicyRegistry;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyPlaceTest {
    static Stream<CheckpointPolicy<?>> policies() {
        PolicyRegistry registry = PolicyRegistry.standard();
        return registry.names().stream().map(registry::named);
    }

    @ParameterizedTest
    @MethodSource("policies")
    <S extends PolicyState> void everyPolicyOfTheRepositoryHasItsOwn(CheckpointPolicy<S> policy) {
        PolicyStates states = new PolicyStates();
        PolicyPlace<S> place = new PolicyPlace<>(policy);
        assertThat(place.in(states)).as("before it runs").isNull();

        S memory = policy.initialState();
        place.put(states, memory);

        assertThat(place.in(states)).isSameAs(memory);
        Set<Object> others = new HashSet<>();
        policies()
                .filter(other -> other.stateType() != policy.stateType())
                .forEach(other -> others.add(String.valueOf(new PolicyPlace<>(other).in(states))));
        assertThat(others).containsExactly("null");
    }

    @Test
    void aPolicyWithoutOneIsNamed() {
        assertThatThrownBy(() -> new PolicyPlace<>(new VmSchedulerTest.Asking()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PolicyStates");
    }
}
