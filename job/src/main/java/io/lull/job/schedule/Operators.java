package io.lull.job.schedule;

import io.lull.policy.Objectives;
import io.lull.policy.OperatorIntent;
import io.lull.policy.OperatorIntent.Kind;
import io.lull.policy.Signal;
import io.lull.policy.registry.PolicyRegistry;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps what operators ask for a VM in its {@link Orders}, and says what follows from them and from the settings.
 *
 * <p>Objectives of their own intent come before those that came along with a choice of policy, and both before the
 * settings.
 */
public final class Operators {
    /** What samples and reports carry: all but the output of a second, executing VM. */
    private static final Set<Signal> CARRIED =
            Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(Signal.DIVERGENCE)));

    private final SchedulerSettings settings;
    private final PolicyRegistry registry;

    /** Of a VM without orders; one for all of them, since every sample looks at its VM's terms. */
    private final Terms unordered;

    Operators(SchedulerSettings settings, PolicyRegistry registry) {
        this.settings = settings;
        this.registry = registry;
        this.unordered = ordered(new Orders(), 0);
    }

    /** Why no VM can run {@code policy}, by what is known of it or by what it needs; empty when one can. */
    public static Optional<String> whyNot(PolicyRegistry registry, String policy) {
        if (!registry.knows(policy)) {
            return Optional.of("no policy is named '" + policy + "'; known are " + String.join(", ", registry.names()));
        }
        Set<Signal> missing = EnumSet.noneOf(Signal.class);
        missing.addAll(registry.named(policy).requires());
        missing.removeAll(CARRIED);
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("policy '" + policy + "' needs " + missing + ", which telemetry does not carry");
    }

    /** Takes up an intent; says why when it can't. */
    Optional<String> takeUp(Orders orders, OperatorIntent intent) {
        if (intent.kind() == Kind.CHOOSE_POLICY) {
            Optional<String> why = whyNot(registry, intent.policy().orElse(""));
            if (why.isPresent()) {
                return why;
            }
        }
        if (intent.kind() == Kind.RESUME) {
            orders.bySlot.remove(intent.kind().slot());
        } else {
            orders.bySlot.put(intent.kind().slot(), Order.of(intent));
        }
        return Optional.empty();
    }

    /** The terms at {@code nowMicros}. */
    Terms termsAt(Orders orders, long nowMicros) {
        return orders.bySlot.isEmpty() ? unordered : ordered(orders, nowMicros);
    }

    private Terms ordered(Orders orders, long nowMicros) {
        Optional<Order> choice =
                orders.inForce(Kind.CHOOSE_POLICY, nowMicros).filter(order -> registry.knows(order.policy));
        Objectives chosen =
                choice.map(order -> order.over(settings.objectives())).orElse(settings.objectives());
        return new Terms(
                choice.map(order -> order.policy).orElse(settings.policy()),
                orders.inForce(Kind.OBJECTIVES, nowMicros)
                        .map(order -> order.over(chosen))
                        .orElse(chosen),
                orders.inForce(Kind.PIN_INTERVAL, nowMicros).map(Order::pin),
                orders.inForce(Kind.PAUSE, nowMicros).map(order -> order.inWords("paused")),
                orders.inForce(Kind.EXCLUDE, nowMicros).map(order -> order.inWords("no change of plan asked")),
                orders.inForce(Kind.ADVICE, nowMicros).map(order -> order.inWords("advice only, asked")),
                orders.firstLapseMicros(nowMicros));
    }
}
