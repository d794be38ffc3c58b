package io.lull.policy;

import java.util.Set;
import java.util.function.Supplier;

/**
 * A policy that says its name, its signals and its state's type once, when it is made; what it learns and plans is the
 * subclass's.
 *
 * @param <S> what the policy remembers of one VM
 */
public abstract class NamedPolicy<S extends PolicyState> implements CheckpointPolicy<S> {
    private final String name;
    private final Set<Signal> requires;
    private final Class<S> stateType;
    private final Supplier<S> initialState;

    /** The parameters are what the methods of their names return. */
    protected NamedPolicy(String name, Set<Signal> requires, Class<S> stateType, Supplier<S> initialState) {
        this.name = name;
        this.requires = Set.copyOf(requires);
        this.stateType = stateType;
        this.initialState = initialState;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Set<Signal> requires() {
        return requires;
    }

    @Override
    public final Class<S> stateType() {
        return stateType;
    }

    @Override
    public final S initialState() {
        return initialState.get();
    }
}
