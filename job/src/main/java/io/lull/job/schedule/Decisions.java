package io.lull.job.schedule;

import io.lull.policy.Decision;
import io.lull.policy.Decision.Kind;
import io.lull.policy.Decision.NamedValue;
import io.lull.policy.EpochPlan;
import io.lull.policy.VmId;
import io.lull.policy.guard.GuardedPlan;
import io.lull.policy.signal.IdleState;
import io.lull.policy.signal.VmSample;
import java.util.List;

/** Writes down what was decided, in the words that a reader of the decisions topic meets. */
final class Decisions {
    private Decisions() {}

    /** Whose decision it is, its id, and when it was made by the job's clock. */
    record Id(VmId vm, long decisionId, long atMicros) {}

    static Decision checkpoint(Id id, VmSample sample, IdleState idle, GuardedPlan guarded) {
        EpochPlan plan = guarded.plan().orElseThrow();
        return new Decision(
                id.vm(),
                id.decisionId(),
                id.atMicros(),
                sample.epoch(),
                plan.policy(),
                Kind.CHECKPOINT,
                inputs(sample, idle),
                List.of("end the epoch now", "wait, at most until " + plan.maxEpochNanos() / 1000 + " us"),
                guarded.changedBy(),
                guarded.reason().and(idle.detail()));
    }

    static Decision plan(Id id, VmSample sample, IdleState idle, EpochPlan proposed, GuardedPlan guarded) {
        EpochPlan plan = guarded.plan().orElseThrow();
        List<String> candidates = guarded.changedBy().isEmpty()
                ? List.of(shape(plan))
                : List.of(shape(plan), "as proposed: " + shape(proposed));
        return new Decision(
                id.vm(),
                id.decisionId(),
                id.atMicros(),
                sample.epoch(),
                plan.policy(),
                Kind.PLAN,
                inputs(sample, idle),
                candidates,
                guarded.changedBy(),
                guarded.reason());
    }

    static Decision silence(Id id, VmState state, EpochPlan proposed, GuardedPlan guarded) {
        return new Decision(
                id.vm(),
                id.decisionId(),
                id.atMicros(),
                state.epoch,
                proposed.policy(),
                Kind.NONE,
                List.of(new NamedValue("silentMicros", id.atMicros() - state.lastSeenMicros)),
                List.of("no plan", "as proposed: " + shape(proposed)),
                guarded.changedBy(),
                guarded.reason());
    }

    private static String shape(EpochPlan plan) {
        return plan.policy() + " " + plan.minEpochNanos() / 1000 + " to " + plan.maxEpochNanos() / 1000 + " us"
                + plan.idleRule()
                        .map(rule -> ", idle slots on " + plan.placement())
                        .orElse("");
    }

    private static List<NamedValue> inputs(VmSample sample, IdleState idle) {
        return List.of(
                new NamedValue("elapsedNanos", sample.elapsedNanos()),
                new NamedValue("busyRatio", sample.busyRatio()),
                new NamedValue("idleNanos", idle.idleNanos),
                new NamedValue("quietNanos", idle.quietNanos),
                new NamedValue("heldPackets", sample.network().heldPackets()),
                new NamedValue("heldBytes", sample.network().heldBytes()),
                new NamedValue("requestsPending", sample.tcp().requestsPending()),
                new NamedValue("stalledConnections", sample.tcp().stalled()),
                new NamedValue("windowFullConnections", sample.tcp().windowFull()),
                new NamedValue("diskRequestsInFlight", sample.disk().inFlight()));
    }
}
