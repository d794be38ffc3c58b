package io.lull.job.schedule;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.PolicyState;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where in {@link PolicyStates} a policy's state stands: the one field of its type. */
final class PolicyPlace<S extends PolicyState> {
    private final Class<S> type;
    private final Field field;

    /** The place of {@code policy}; an {@link IllegalStateException} when there is none, or more than one. */
    PolicyPlace(CheckpointPolicy<S> policy) {
        this.type = policy.stateType();
        List<Field> fields = Arrays.stream(PolicyStates.class.getFields())
                .filter(one -> one.getType() == type)
                .toList();
        if (fields.size() != 1) {
            throw new IllegalStateException("policy " + policy.name() + " needs one field of " + type
                    + " in PolicyStates, and there are " + fields.size());
        }
        this.field = fields.get(0);
        // It is public; said once, that need not be looked into at each access.
        field.setAccessible(true);
    }

    /** What stands there; null before the policy has run. */
    @Nullable
    S in(PolicyStates states) {
        try {
            return type.cast(field.get(states));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " was public and is not", e);
        }
    }

    void put(PolicyStates states, S memory) {
        try {
            field.set(states, memory);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " was public and is not", e);
        }
    }
}
