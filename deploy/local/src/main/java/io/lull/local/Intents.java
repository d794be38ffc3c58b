package io.lull.local;

import io.lull.policy.OperatorIntent;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.VmId;
import java.util.Optional;
import java.util.OptionalLong;

/** The intents that the scenarios send. */
public final class Intents {
    private static final long MILLI = 1_000_000;

    private Intents() {}

    /** Fixed epochs of this length. */
    public static OperatorIntent fixed(String vm, long intervalMillis) {
        return choose(vm, "remus.fixed", intervalMillis, TriggerPlacement.HOST);
    }

    /** Idle slots, with a longest epoch. */
    public static OperatorIntent idle(String vm, long maxEpochMillis, TriggerPlacement placement) {
        return choose(vm, "plover.idle", maxEpochMillis, placement);
    }

    /** The project's own policy, on the host, with a longest epoch. */
    public static OperatorIntent lull(String vm, long maxEpochMillis) {
        return choose(vm, "lull", maxEpochMillis, TriggerPlacement.HOST);
    }

    private static OperatorIntent choose(String vm, String policy, long millis, TriggerPlacement placement) {
        return new OperatorIntent(
                new VmId(vm),
                OperatorIntent.Kind.CHOOSE_POLICY,
                Optional.of(policy),
                OptionalLong.of(millis * MILLI),
                OptionalLong.of(millis * MILLI),
                Optional.of(placement),
                Targets.NONE,
                "lull-local",
                "scenario",
                System.currentTimeMillis() * 1000,
                OptionalLong.empty());
    }
}
