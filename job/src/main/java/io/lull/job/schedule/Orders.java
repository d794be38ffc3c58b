package io.lull.job.schedule;

import io.lull.policy.OperatorIntent.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What operators ask of a VM, kept by Flink apart from {@link VmState}, because it outlives that: a VM that has been
 * forgotten comes back under the same orders.
 */
public final class Orders {
    /** At most one order for each {@linkplain Kind#slot() slot}. */
    public Map<String, Order> bySlot = new HashMap<>();

    /** The order of {@code kind}, if there is one and it has not expired. */
    Optional<Order> inForce(Kind kind, long nowMicros) {
        return Optional.ofNullable(bySlot.get(kind.slot())).filter(order -> order.holdsAt(nowMicros));
    }

    /** When the first of those in force expires; {@link Long#MAX_VALUE} when none does. */
    long firstLapseMicros(long nowMicros) {
        return bySlot.values().stream()
                .filter(order -> order.holdsAt(nowMicros))
                .mapToLong(order -> order.untilMicros)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Drops what has expired; whether anything is left. */
    boolean prune(long nowMicros) {
        bySlot.values().removeIf(order -> !order.holdsAt(nowMicros));
        return !bySlot.isEmpty();
    }
}
