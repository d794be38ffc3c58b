package io.lull.policy;

import java.util.List;

/**
 * What the job decided for a VM at one step, and from what: enough to explain it later without the job's state.
 *
 * @param vm whose
 * @param decisionId grows with every decision of a VM; commands and epoch reports echo it; 0 is never used
 * @param decidedAtMicros the job's wall clock, microseconds since 1970
 * @param epoch the open epoch of the newest sample that it saw; 0 before the first
 * @param policy name of the policy that decided, for example {@code remus.fixed}
 * @param kind what came of it
 * @param inputs what the policy looked at, by name with its unit, for example {@code busyRatio}
 * @param candidates the actions that were weighed, best first
 * @param guards the guards that changed the outcome, in the order in which they did
 * @param reason why it came out as it did
 */
public record Decision(
        VmId vm,
        long decisionId,
        long decidedAtMicros,
        long epoch,
        String policy,
        Kind kind,
        List<NamedValue> inputs,
        List<String> candidates,
        List<String> guards,
        Reason reason) {
    public Decision {
        Checks.positive("decisionId", decisionId);
        Checks.notNegative("decidedAtMicros", decidedAtMicros);
        Checks.notNegative("epoch", epoch);
        if (policy.isBlank()) {
            throw new IllegalArgumentException("a decision needs the name of its policy");
        }
        inputs = List.copyOf(inputs);
        candidates = List.copyOf(candidates);
        guards = List.copyOf(guards);
    }

    /** What came of a decision. */
    public enum Kind {
        /** A standing plan was sent. */
        PLAN,
        /** A command to end the epoch was sent. */
        CHECKPOINT,
        /** Nothing was sent: what holds goes on holding. */
        NONE
    }

    /**
     * One input of a decision.
     *
     * @param name the signal and its unit, for example {@code heldBytes}
     * @param value finite
     */
    public record NamedValue(String name, double value) {
        public NamedValue {
            if (name.isBlank()) {
                throw new IllegalArgumentException("an input of a decision needs a name");
            }
            Checks.within(name, value, -Double.MAX_VALUE, Double.MAX_VALUE);
        }
    }
}
