package io.lull.job.schedule;

import io.lull.policy.Objectives;
import io.lull.policy.OperatorIntent;
import io.lull.policy.registry.PolicyRegistry;
import java.util.Optional;

/**
 * Keeps what operators ask for a VM in its {@link VmState}, and says what follows from it and from the settings.
 *
 * <p>Objectives of their own intent come before those that came along with a choice of policy, and both before the
 * settings.
 */
final class Operators {
    private final SchedulerSettings settings;
    private final PolicyRegistry registry;

    Operators(SchedulerSettings settings, PolicyRegistry registry) {
        this.settings = settings;
        this.registry = registry;
    }

    /** Takes up an intent; says why when it can't. */
    Optional<String> takeUp(VmState state, OperatorIntent intent) {
        switch (intent.kind()) {
            case CHOOSE_POLICY -> {
                String policy = intent.policy().orElse("");
                if (!registry.knows(policy)) {
                    return Optional.of(
                            "no policy is named '" + policy + "'; known are " + String.join(", ", registry.names()));
                }
                state.chosen = ChosenPolicy.of(intent);
            }
            case PIN_INTERVAL -> state.pin = Pin.of(intent);
            case PAUSE -> state.pause = Order.of(intent);
            case RESUME -> state.pause = new Order();
            case OBJECTIVES -> state.objectives = AskedObjectives.of(intent);
            case EXCLUDE -> state.exclusion = Order.of(intent);
            case ADVICE -> state.advice = Order.of(intent);
        }
        return Optional.empty();
    }

    /** The terms at {@code nowMicros}. */
    Terms termsAt(VmState state, long nowMicros) {
        boolean chosen = state.chosen.holdsAt(nowMicros);
        Objectives objectives = settings.objectives();
        if (chosen) {
            objectives = state.chosen.over(objectives);
        }
        if (state.objectives.holdsAt(nowMicros)) {
            objectives = state.objectives.over(objectives);
        }
        return new Terms(
                chosen && registry.knows(state.chosen.policy) ? state.chosen.policy : settings.policy(),
                objectives,
                state.pin.holdsAt(nowMicros) ? state.pin.value() : Optional.empty(),
                state.pause.inWords("paused", nowMicros),
                state.exclusion.inWords("no change of plan asked", nowMicros),
                state.advice.inWords("advice only, asked", nowMicros),
                firstLapseMicros(state, nowMicros));
    }

    private static long firstLapseMicros(VmState state, long nowMicros) {
        long first = Long.MAX_VALUE;
        for (AskedObjectives asked : new AskedObjectives[] {state.chosen, state.objectives}) {
            first = asked.holdsAt(nowMicros) ? Math.min(first, asked.untilMicros) : first;
        }
        for (Order order : new Order[] {state.pin, state.pause, state.exclusion, state.advice}) {
            first = order.holdsAt(nowMicros) ? Math.min(first, order.untilMicros) : first;
        }
        return first;
    }
}
