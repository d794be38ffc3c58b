package io.lull.job.schedule;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.PolicyState;
import io.lull.policy.registry.PolicyRegistry;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/** The policies' own states of the current key, one Flink state for each policy, under the policy's name. */
final class PolicyStates {
    private final Map<String, ValueState<?>> byPolicy = new HashMap<>();

    PolicyStates(PolicyRegistry registry, RuntimeContext context) {
        for (String name : registry.names()) {
            byPolicy.put(name, register(registry.named(name), context));
        }
    }

    private static <S extends PolicyState> ValueState<S> register(CheckpointPolicy<S> policy, RuntimeContext context) {
        return context.getState(
                new ValueStateDescriptor<>("policy." + policy.name(), TypeInformation.of(policy.stateType())));
    }

    <S extends PolicyState> S load(CheckpointPolicy<S> policy) throws IOException {
        @Nullable S kept = of(policy).value();
        return kept == null ? policy.initialState() : kept;
    }

    <S extends PolicyState> void store(CheckpointPolicy<S> policy, S state) throws IOException {
        of(policy).update(state);
    }

    @SuppressWarnings("unchecked") // register() put a state of the policy's own type under its name.
    private <S extends PolicyState> ValueState<S> of(CheckpointPolicy<S> policy) {
        ValueState<?> state = byPolicy.get(policy.name());
        if (state == null) {
            throw new IllegalStateException("policy " + policy.name() + " is not registered");
        }
        return (ValueState<S>) state;
    }
}
