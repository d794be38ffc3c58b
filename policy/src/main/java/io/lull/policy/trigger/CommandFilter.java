package io.lull.policy.trigger;

import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import java.util.OptionalLong;

/**
 * Says which commands a worker takes up. Commands arrive at least once, late, and for every VM of a partition; one
 * that is refused here changes nothing.
 */
public final class CommandFilter {
    private CommandFilter() {}

    /** What becomes of a command. */
    public enum Verdict {
        /** To be taken up. */
        ACCEPTED,
        /** Names a VM that is not this worker's. */
        OTHER_VM,
        /** Names an epoch that is not the open one: it has ended already, or the command is from another life. */
        OTHER_EPOCH,
        /** Its expiry or its lease is over. */
        EXPIRED,
        /** A plan with this or a higher id holds. */
        OLDER_PLAN
    }

    /**
     * Where the worker stands.
     *
     * @param vm its VM
     * @param epoch the open epoch
     * @param planId id of the plan that holds; empty without one
     * @param nowMicros host wall clock, microseconds since 1970
     */
    public record Standing(VmId vm, long epoch, OptionalLong planId, long nowMicros) {}

    public static Verdict judge(WorkerCommand command, Standing standing) {
        if (!command.vm().equals(standing.vm())) {
            return Verdict.OTHER_VM;
        }
        if (command instanceof EndEpoch end) {
            return judgeEnd(end, standing);
        }
        return judgePlan((StandingPlan) command, standing);
    }

    private static Verdict judgeEnd(EndEpoch end, Standing standing) {
        if (end.epoch() != standing.epoch()) {
            return Verdict.OTHER_EPOCH;
        }
        return standing.nowMicros() < end.expiresAtMicros() ? Verdict.ACCEPTED : Verdict.EXPIRED;
    }

    private static Verdict judgePlan(StandingPlan standingPlan, Standing standing) {
        OptionalLong newest = standing.planId();
        if (newest.isPresent() && standingPlan.plan().planId() <= newest.getAsLong()) {
            return Verdict.OLDER_PLAN;
        }
        return standingPlan.plan().holdsAt(standing.nowMicros()) ? Verdict.ACCEPTED : Verdict.EXPIRED;
    }
}
