package io.lull.policy;

/** What the job tells a VM's worker. */
public sealed interface WorkerCommand {
    VmId vm();

    /** The {@code Decision} behind it; echoed in the epoch report. */
    long decisionId();

    /**
     * End this epoch now. It names the epoch that it ends, so that a stale or repeated one is a no-op.
     *
     * @param epoch the epoch to end; any other one is left alone
     * @param sampledAtMicros end of the sample that led to it, host wall clock
     * @param decidedAtMicros when the job decided, its wall clock
     * @param expiresAtMicros not to be acted on from then on
     */
    record EndEpoch(
            VmId vm,
            long decisionId,
            long epoch,
            TriggerReason reason,
            boolean idleSlot,
            long sampledAtMicros,
            long decidedAtMicros,
            long expiresAtMicros)
            implements WorkerCommand {
        public EndEpoch {
            Checks.positive("epoch", epoch);
            Checks.notNegative("decisionId", decisionId);
        }
    }

    /** A standing plan; it replaces any with a lower plan id and dies at the end of its lease. */
    record StandingPlan(VmId vm, long decisionId, LeasedPlan plan) implements WorkerCommand {
        public StandingPlan {
            Checks.notNegative("decisionId", decisionId);
        }
    }
}
