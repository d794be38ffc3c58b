package io.lull.policy.gerofi;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.NamedPolicy;
import io.lull.policy.Objectives;
import io.lull.policy.OutputRule;
import io.lull.policy.Reason;
import io.lull.policy.Signal;
import io.lull.policy.remus.TransferFit;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import java.util.Set;

/**
 * A checkpoint as soon as output or disk writes wait, as often as the link can carry the dirty pages, and before they
 * become too many for the deadline: a reconstruction of Gerofi and Ishikawa's workload-adaptive scheduling.
 *
 * <pre>
 * e = now − start of the last pause,  D = dirty pages,  xfer = transfer(D) by {@link TransferFit}
 * e &lt; T_min:                                  run on
 * held frames ≥ K_io or disk writes ≥ K_io:   checkpoint when e ≥ α · xfer
 * always:                                     checkpoint when xfer ≥ T_max − e
 * e ≥ T_max:                                  checkpoint
 * </pre>
 *
 * <p>Regimes: a guest that talks has a checkpoint every max(T_min, α · xfer), so that the link is busy for 1/α of the
 * time at most; a guest that only computes has one a transfer time before T_max; a guest at rest has one every T_max.
 *
 * <p>Source: Gerofi, Ishikawa, <i>Workload Adaptive Checkpoint Scheduling of Virtual Machine Replication</i>, PRDC 2011,
 * of which the abstract could be read and no more. It names the inputs (changes in dirty pages, network and disk
 * operations, bandwidth available for replication) and says that several heuristics vary the period. This rule is ours
 * and uses all of those inputs; it must not be reported as the authors' algorithm.
 *
 * <p>Left open by what could be read, hence a swept parameter: T_min, T_max, α, K_io. Left open and chosen: bandwidth
 * and compression enter as the time that shipping really took; D and the counts are those of the open epoch.
 *
 * <p>Divergences from the reconstruction in {@code papers.md}, section 2:
 *
 * <ul>
 *   <li>D_min ("at T_max only with 64 dirty pages or more") is left out: as written there it is never reached, since at
 *       e ≥ T_max the condition before it, xfer ≥ T_max − e, holds for every D.
 *   <li>transfer(D) has a constant part, as every real link has; the reconstruction is proportional to D.
 *   <li>The deadline (xfer ≥ T_max − e) and T_max hold also while output waits for a link that is too slow (α · xfer
 *       above e); there the reconstruction would wait.
 *   <li>T_min counts the guest's running time, not the pause before it: every plan's lower bound does.
 *   <li>Whether the checkpoint before is still under way is for the worker to know.
 * </ul>
 *
 * <p>{@link Objectives#maxEpochNanos()} does not bound T_max, which is the policy's own; the worker's hard limits do.
 */
public final class WorkloadAdaptivePolicy extends NamedPolicy<WorkloadAdaptiveState> {
    public static final String NAME = "gerofi";

    private final WorkloadAdaptiveSettings settings;

    public WorkloadAdaptivePolicy(WorkloadAdaptiveSettings settings) {
        super(
                NAME,
                Set.of(Signal.NETWORK, Signal.DISK, Signal.DIRTY_PAGES),
                WorkloadAdaptiveState.class,
                WorkloadAdaptiveState::new);
        this.settings = settings;
    }

    @Override
    public void onSample(WorkloadAdaptiveState state, SampleView sample, Objectives objectives) {}

    @Override
    public void onReport(WorkloadAdaptiveState state, EpochReport report, Objectives objectives) {
        if (TransferFit.update(state.transfer, report)) {
            state.revision++;
        }
    }

    @Override
    public EpochPlan plan(WorkloadAdaptiveState state, Objectives objectives) {
        OutputRule rule = new OutputRule(
                settings.minHeldPackets(),
                settings.minDiskWrites(),
                settings.paceRatio(),
                state.transfer.transferNanos,
                state.transfer.transferNanosPerPage);
        Reason reason = Reason.of("output every " + settings.paceRatio() + " transfers of "
                + state.transfer.transferNanos / 1000 + " us and " + Math.round(state.transfer.transferNanosPerPage)
                + " ns a page, at most " + settings.maxEpochNanos() / 1000 + " us");
        return new EpochPlan(
                NAME,
                settings.minEpochNanos(),
                settings.maxEpochNanos(),
                Conditions.of(rule),
                objectives.placement(),
                reason);
    }
}
