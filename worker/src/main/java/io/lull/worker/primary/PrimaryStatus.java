package io.lull.worker.primary;

import io.lull.policy.EpochPlan;
import io.lull.policy.LeasedPlan;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.config.SourceChoice;
import io.lull.worker.output.GateSnapshot;
import io.lull.worker.output.OutputGate;
import java.util.Optional;

/**
 * What {@code lull status} shows of a primary.
 *
 * @param state of the protection
 * @param stateReason why
 * @param control who decides: FALLBACK or PLANNED
 * @param policy of the newest plan; empty without one
 * @param placement where the newest plan puts the trigger; empty without one
 * @param planReason why the newest plan is as it is; empty without one
 * @param source how the VM is captured: COLO or SHARED_MEMORY
 * @param gate where its output waits: a {@link io.lull.worker.config.GateChoice}; empty when none is held
 * @param ignoredCommands stale, repeated and foreign commands that changed nothing
 * @param openEpoch the running epoch
 * @param committedEpochs committed by this worker
 * @param sessions begun by this worker
 * @param writtenBytes dirty pages of the committed epochs × page size
 * @param shippedBytes what they took on the wire
 * @param lastPauseNanos of the last committed checkpoint
 * @param lastCommitNanos of the last committed checkpoint
 * @param framesKnown whether the gate sees frames; when false the two that follow mean nothing and are 0
 * @param heldBytes output that waits now
 * @param droppedFrames output dropped over the bound, or after it was held for too long
 */
public record PrimaryStatus(
        String vm,
        String state,
        String stateReason,
        String control,
        String policy,
        String placement,
        String planReason,
        String source,
        String gate,
        long ignoredCommands,
        long openEpoch,
        long committedEpochs,
        long sessions,
        long writtenBytes,
        long shippedBytes,
        long lastPauseNanos,
        long lastCommitNanos,
        boolean framesKnown,
        long heldBytes,
        long droppedFrames) {

    /** What these say of themselves now. */
    static PrimaryStatus of(
            Announcer announcer, JobControl control, long openEpoch, PrimaryConfig config, ProtectedVm machine) {
        Optional<OutputGate> gate = machine.gate();
        Totals.View view = announcer.totals().view();
        Optional<GateSnapshot> frames = gate.flatMap(OutputGate::frames);
        Optional<EpochPlan> plan = control.leasedPlan().map(LeasedPlan::plan);
        return new PrimaryStatus(
                announcer.vm().value(),
                announcer.protection().state().name(),
                announcer.protection().reason(),
                control.state().name(),
                plan.map(EpochPlan::policy).orElse(""),
                plan.map(p -> p.placement().name()).orElse(""),
                plan.map(p -> p.reason().toString()).orElse(""),
                (machine.ramFile().isPresent() ? SourceChoice.SHARED_MEMORY : SourceChoice.COLO).name(),
                gate.isPresent() ? config.network().gate().name() : "",
                control.ignored(),
                openEpoch,
                view.epochs(),
                view.sessions(),
                view.writtenBytes(),
                view.shippedBytes(),
                view.lastPauseNanos(),
                view.lastCommitNanos(),
                gate.isEmpty() || frames.isPresent(),
                frames.map(seen -> seen.held().bytes()).orElse(0L),
                frames.map(GateSnapshot::droppedPackets).orElse(0L));
    }
}
