package io.lull.policy;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an operator asks for a VM. It holds until another of its {@linkplain Kind#slot() slot} replaces it or until it
 * expires.
 *
 * @param vm whose
 * @param kind what is asked; it says which of the optional fields must be there
 * @param policy name of a policy; needed by {@code CHOOSE_POLICY}
 * @param intervalNanos epoch length; needed by {@code PIN_INTERVAL}, positive
 * @param maxEpochNanos longest epoch (T_max), positive
 * @param placement who looks for idle slots
 * @param targets what is to be kept; for {@code OBJECTIVES}
 * @param author who asks, not blank
 * @param reason why, in the author's words, not blank
 * @param issuedAtMicros when, the author's wall clock, microseconds since 1970
 * @param expiresAtMicros no longer in force from then on; needed by {@code EXCLUDE}; without it the intent stays
 */
public record OperatorIntent(
        VmId vm,
        Kind kind,
        Optional<String> policy,
        OptionalLong intervalNanos,
        OptionalLong maxEpochNanos,
        Optional<TriggerPlacement> placement,
        Targets targets,
        String author,
        String reason,
        long issuedAtMicros,
        OptionalLong expiresAtMicros) {
    public OperatorIntent {
        intervalNanos.ifPresent(value -> Checks.positive("intervalNanos", value));
        maxEpochNanos.ifPresent(value -> Checks.positive("maxEpochNanos", value));
        Checks.notNegative("issuedAtMicros", issuedAtMicros);
        expiresAtMicros.ifPresent(value -> Checks.notNegative("expiresAtMicros", value));
        need(policy.isEmpty() || !policy.get().isBlank(), kind, "a policy name that is not blank");
        need(!author.isBlank(), kind, "an author");
        need(!reason.isBlank(), kind, "a reason");
        need(kind != Kind.CHOOSE_POLICY || policy.isPresent(), kind, "a policy");
        need(kind != Kind.PIN_INTERVAL || intervalNanos.isPresent(), kind, "intervalNanos");
        need(kind != Kind.EXCLUDE || expiresAtMicros.isPresent(), kind, "expiresAtMicros");
        need(
                kind != Kind.OBJECTIVES
                        || intervalNanos.isPresent()
                        || maxEpochNanos.isPresent()
                        || placement.isPresent()
                        || !targets.equals(Targets.NONE),
                kind,
                "intervalNanos, maxEpochNanos, placement or a target");
    }

    /** Whether it is still in force at {@code nowMicros}. */
    public boolean holdsAt(long nowMicros) {
        return expiresAtMicros.isEmpty() || nowMicros < expiresAtMicros.getAsLong();
    }

    private static void need(boolean there, Kind kind, String what) {
        if (!there) {
            throw new IllegalArgumentException("an operator's " + kind + " needs " + what);
        }
    }

    /** What an operator can ask. */
    public enum Kind {
        /** Run this policy. */
        CHOOSE_POLICY("policy"),
        /** Fixed epochs of this length, whatever the policy says. */
        PIN_INTERVAL("interval"),
        /** No plans and no commands until {@code RESUME}: the worker runs on its safe interval. */
        PAUSE("pause"),
        /** Ends {@code PAUSE}. */
        RESUME("pause"),
        /** Other objectives: interval, longest epoch, placement, targets; what is absent is as the settings have it. */
        OBJECTIVES("objectives"),
        /** No change of plan from now until it expires. */
        EXCLUDE("exclude"),
        /** Decide and record, but send nothing to the worker. */
        ADVICE("advice");

        private final String slot;

        Kind(String slot) {
            this.slot = slot;
        }

        /** Which intents it replaces: those of the same VM with the same slot. */
        public String slot() {
            return slot;
        }
    }
}
