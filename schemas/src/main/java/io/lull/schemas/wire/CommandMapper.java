package io.lull.schemas.wire;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.LeasedPlan;
import io.lull.policy.Reason;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.schemas.avro.Checkpoint;
import io.lull.schemas.avro.CheckpointCommand;
import io.lull.schemas.avro.CheckpointReason;
import io.lull.schemas.avro.CommandKind;
import io.lull.schemas.avro.Plan;
import io.lull.schemas.avro.PlanPlacement;
import org.jspecify.annotations.Nullable;

/** Maps {@link WorkerCommand}. */
final class CommandMapper {
    private CommandMapper() {}

    static CheckpointCommand toAvro(WorkerCommand command) {
        Checkpoint checkpoint = command instanceof EndEpoch endEpoch ? checkpoint(endEpoch) : null;
        Plan plan = command instanceof StandingPlan standing ? plan(standing.plan()) : null;
        CommandKind kind = checkpoint == null ? CommandKind.PLAN : CommandKind.CHECKPOINT;
        return new CheckpointCommand(command.vm().value(), command.decisionId(), kind, checkpoint, plan);
    }

    static WorkerCommand toPolicy(CheckpointCommand avro) {
        VmId vm = new VmId(avro.getVmId());
        return switch (avro.getKind()) {
            case CHECKPOINT -> endEpoch(vm, avro.getDecisionId(), avro.getCheckpoint());
            case PLAN -> new StandingPlan(vm, avro.getDecisionId(), leasedPlan(avro.getPlan()));
            case UNKNOWN ->
                throw new IllegalArgumentException(
                        "kind is UNKNOWN: not given, or of a writer that is newer than this reader");
        };
    }

    private static Checkpoint checkpoint(EndEpoch command) {
        return new Checkpoint(
                command.epoch(),
                Symbols.symbol(CheckpointReason.class, command.reason()),
                command.idleSlot(),
                command.sampledAtMicros(),
                command.decidedAtMicros(),
                command.expiresAtMicros());
    }

    private static EndEpoch endEpoch(VmId vm, long decisionId, @Nullable Checkpoint avro) {
        if (avro == null) {
            throw new IllegalArgumentException("kind is CHECKPOINT and checkpoint is missing");
        }
        return new EndEpoch(
                vm,
                decisionId,
                avro.getEpoch(),
                Symbols.known(TriggerReason.class, avro.getReason()),
                avro.getIdleSlot(),
                avro.getSampledAtMicros(),
                avro.getDecidedAtMicros(),
                avro.getExpiresAtMicros());
    }

    private static Plan plan(LeasedPlan leased) {
        EpochPlan plan = leased.plan();
        Conditions conditions = plan.conditions();
        return new Plan(
                leased.planId(),
                leased.leaseUntilMicros(),
                plan.policy(),
                plan.minEpochNanos(),
                plan.maxEpochNanos(),
                conditions.idle().map(ConditionsMapper::toAvro).orElse(null),
                Symbols.symbol(PlanPlacement.class, plan.placement()),
                plan.reason().parts(),
                conditions.output().map(ConditionsMapper::toAvro).orElse(null),
                conditions.dirty().map(ConditionsMapper::toAvro).orElse(null),
                conditions.waiting().map(ConditionsMapper::toAvro).orElse(null),
                conditions.divergence().map(ConditionsMapper::toAvro).orElse(null),
                Nullables.nullable(leased.encodeThreads()));
    }

    private static LeasedPlan leasedPlan(@Nullable Plan avro) {
        if (avro == null) {
            throw new IllegalArgumentException("kind is PLAN and plan is missing");
        }
        EpochPlan plan = new EpochPlan(
                avro.getPolicy(),
                avro.getMinEpochNanos(),
                avro.getMaxEpochNanos(),
                ConditionsMapper.toPolicy(avro),
                Symbols.known(TriggerPlacement.class, avro.getPlacement()),
                new Reason(avro.getReason()));
        return new LeasedPlan(
                avro.getPlanId(), plan, avro.getLeaseUntilMicros(), Nullables.optional(avro.getEncodeThreads()));
    }
}
