package io.lull.policy;

import java.util.Set;

/**
 * A rule that says when to checkpoint a VM, as an explicit-state step: Flink keeps its state across restarts, the
 * simulator replays it. An implementation holds no mutable field, reads no clock and draws no random number.
 *
 * @param <S> what the policy remembers between steps
 */
public interface CheckpointPolicy<S> {
    /** The published name, for example {@code remus.fixed}. */
    String name();

    /** The signals without which this policy must not run. */
    Set<Signal> requires();

    /** The state's type: a public class that Flink's POJO serializer takes (public fields of simple types). */
    Class<S> stateType();

    S initialState();

    /** The plan for what comes, given what was observed. */
    Step<S> step(S state, Observation observation, Objectives objectives);

    /**
     * One step's result.
     *
     * @param state to be handed to the next step
     * @param plan what the worker is to do from now on
     */
    record Step<S>(S state, EpochPlan plan) {}
}
