package io.lull.job.schedule;

import io.lull.policy.Conditions;
import io.lull.policy.Decision;
import io.lull.policy.Decision.Kind;
import io.lull.policy.Decision.NamedValue;
import io.lull.policy.EpochPlan;
import io.lull.policy.Reason;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.guard.GuardedPlan;
import io.lull.policy.signal.IdleState;
import io.lull.policy.signal.SampleView;
import io.lull.policy.trigger.TriggerInput;
import java.util.ArrayList;
import java.util.List;

/** Writes down what was decided, in the words that a reader of the decisions topic meets. */
final class Decisions {
    private Decisions() {}

    /** Whose decision it is, its id, and when it was made by the job's clock. */
    record Id(VmId vm, long decisionId, long atMicros) {}

    /** To end the open epoch, on a plan that {@code live} follows. */
    static Decision checkpoint(Id id, LiveVm live, IdleState idle, TriggerReason why) {
        EpochPlan plan = live.guarded().plan().orElseThrow();
        String moment = why == TriggerReason.WAIT_PRICE ? waiting(live.sample) : idle.detail();
        return new Decision(
                id.vm(),
                id.decisionId(),
                id.atMicros(),
                live.sample.epoch,
                plan.policy(),
                live.terms().isAdvice() ? Kind.NONE : Kind.CHECKPOINT,
                inputs(live.input, idle),
                List.of("end the epoch now", "wait, at most until " + plan.maxEpochNanos() / 1000 + " us"),
                guards(live),
                reason(live).and(moment));
    }

    /** The plan that {@code live} follows. */
    static Decision plan(Id id, LiveVm live, IdleState idle) {
        EpochPlan plan = live.guarded().plan().orElseThrow();
        List<String> candidates = live.guarded().changedBy().isEmpty()
                ? List.of(shape(plan))
                : List.of(shape(plan), "as proposed: " + shape(live.proposed()));
        return new Decision(
                id.vm(),
                id.decisionId(),
                id.atMicros(),
                live.sample.epoch,
                plan.policy(),
                live.terms().isAdvice() ? Kind.NONE : Kind.PLAN,
                inputs(live.input, idle),
                candidates,
                guards(live),
                reason(live));
    }

    /** No plan, because an operator paused the VM's control. */
    static Decision paused(Id id, VmState state, Terms terms) {
        return new Decision(
                id.vm(),
                id.decisionId(),
                id.atMicros(),
                state.admission.epoch,
                terms.policy(),
                Kind.NONE,
                List.of(),
                List.of("no plan"),
                List.of("pause"),
                Reason.of(terms.pause().orElseThrow()));
    }

    /** No plan, because telemetry is silent. */
    static Decision silence(Id id, VmState state, EpochPlan proposed, GuardedPlan guarded) {
        return new Decision(
                id.vm(),
                id.decisionId(),
                id.atMicros(),
                state.admission.epoch,
                proposed.policy(),
                Kind.NONE,
                List.of(new NamedValue("silentMicros", id.atMicros() - state.admission.seenAtMicros)),
                List.of("no plan", "as proposed: " + shape(proposed)),
                guarded.changedBy(),
                guarded.reason());
    }

    private static List<String> guards(LiveVm live) {
        List<String> guards = new ArrayList<>(live.guarded().changedBy());
        if (live.terms().isAdvice()) {
            guards.add("advice");
        }
        return guards;
    }

    private static Reason reason(LiveVm live) {
        Reason reason = live.guarded().reason();
        return live.terms().advice().map(reason::and).orElse(reason);
    }

    private static String waiting(SampleView sample) {
        return "waiting on costs more than it saves: " + sample.heldPackets + " frames held, the oldest for "
                + sample.oldestHeldNanos / 1000 + " us, " + sample.requestsPending + " of " + sample.connections
                + " connections unanswered";
    }

    private static String shape(EpochPlan plan) {
        Conditions conditions = plan.conditions();
        StringBuilder shape = new StringBuilder(
                plan.policy() + " " + plan.minEpochNanos() / 1000 + " to " + plan.maxEpochNanos() / 1000 + " us");
        conditions.idle().ifPresent(rule -> shape.append(", idle slots on ").append(plan.placement()));
        conditions.waiting().ifPresent(rule -> shape.append(", price of waiting on ")
                .append(plan.placement()));
        conditions.output().ifPresent(rule -> shape.append(", at output"));
        conditions.dirty().ifPresent(rule -> shape.append(", at ")
                .append(rule.maxDirtyPages())
                .append(" dirty pages"));
        conditions.divergence().ifPresent(rule -> shape.append(", at a divergence"));
        return shape.toString();
    }

    private static List<NamedValue> inputs(TriggerInput input, IdleState idle) {
        SampleView sample = input.sample;
        return List.of(
                new NamedValue("elapsedNanos", sample.elapsedNanos),
                new NamedValue("busyRatio", sample.busyRatio),
                new NamedValue("idleNanos", idle.idleNanos),
                new NamedValue("quietNanos", idle.quietNanos),
                new NamedValue("heldPackets", sample.heldPackets),
                new NamedValue("heldBytes", sample.heldBytes),
                new NamedValue("oldestHeldNanos", sample.oldestHeldNanos),
                new NamedValue("connections", sample.connections),
                new NamedValue("requestsPending", sample.requestsPending),
                new NamedValue("stalledConnections", sample.stalled),
                new NamedValue("windowFullConnections", sample.windowFull),
                new NamedValue("diskRequestsInFlight", sample.diskInFlight),
                new NamedValue("dirtyPagesExpected", input.dirtyPages));
    }
}
