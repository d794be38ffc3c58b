package io.lull.policy.sim;

import io.lull.policy.EpochPlan;
import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.TriggerReason;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.DirtyCurveState;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.IdleState;
import io.lull.policy.signal.SampleView;
import io.lull.policy.trigger.EpochTrigger;
import io.lull.policy.trigger.TriggerInput;
import io.lull.policy.trigger.TriggerSide;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * The Flink job as a simulated VM knows it: takes samples and reports to the policy and sends what follows. What is sent
 * when, is the job's own rule (its {@code VmScheduler}):
 *
 * <pre>
 * plan     other bounds, placement or kinds of conditions: at once
 *          other thresholds, or no change:                 at every re-assertion
 * command  once an epoch, where the plan places the trigger in the job: when {@link EpochTrigger} finds an idle slot or
 *          the price of waiting paid, by the job's own detector and forecast
 * </pre>
 */
final class SimulatedJob {
    private final RunningPolicy<?> policy;
    private final ControlPath path;
    private final Mailbox toWorker;
    private final TriggerInput input;
    private final IdleState idle = new IdleState();
    private final DirtyCurveState dirty = new DirtyCurveState();
    private final ArrayDeque<EpochReport> reports = new ArrayDeque<>();
    private Optional<EpochPlan> plan = Optional.empty();
    private Optional<EpochPlan> sent = Optional.empty();
    private long plannedRevision;
    private long sentAtNanos;
    private long endedEpoch;
    private long ids;

    SimulatedJob(RunningPolicy<?> policy, SimSettings settings, Mailbox toWorker) {
        this.policy = policy;
        this.path = settings.control();
        this.toWorker = toWorker;
        this.input = new TriggerInput(Reports.VM, settings.limits());
        input.side = TriggerSide.JOB;
    }

    /** A checkpoint was committed; the job takes it up with the next sample. */
    void onReport(EpochReport report) {
        reports.add(report);
    }

    /** A sample has come; true when the plan in force becomes another one by it. */
    boolean onSample(SampleView sample, long nowNanos) {
        while (!reports.isEmpty()) {
            takeUp(reports.poll());
        }
        policy.onSample(sample);
        boolean again = nowNanos - sentAtNanos >= path.reassertNanos();
        boolean fresh = again || plan.isEmpty() || policy.revision() != plannedRevision;
        if (fresh) {
            plannedRevision = policy.revision();
            plan = Optional.of(policy.plan());
        }
        EpochPlan now = plan.orElseThrow();
        IdleSlotDetector.update(idle, sample, now.idleRule().orElse(IdleRule.DEFAULT));
        endEpochIfDue(now, sample, nowNanos);
        boolean other = sent.isEmpty() || !now.sameButThresholds(sent.get());
        if (!fresh || !(again || other)) {
            return false;
        }
        boolean changed = other || !now.conditions().equals(sent.get().conditions());
        sentAtNanos = nowNanos;
        sent = plan;
        toWorker.send(nowNanos, new LeasedPlan(++ids, now, (nowNanos + path.leaseNanos()) / 1000));
        return changed;
    }

    private void takeUp(EpochReport report) {
        policy.onReport(report);
        input.lastPauseNanos = report.pause().totalNanos();
        DirtyCurve.update(dirty, report.lengthNanos(), report.pages().dirtyPages());
    }

    private void endEpochIfDue(EpochPlan now, SampleView sample, long nowNanos) {
        if (!now.placement().inJob() || sample.epoch == endedEpoch) {
            return;
        }
        input.sample = sample;
        input.load(idle);
        // The job acts on its own plan at the sample in hand: no lease to keep.
        input.plan = Optional.of(new LeasedPlan(0, now, Long.MAX_VALUE));
        input.dirtyPages = DirtyCurve.pagesAt(dirty, sample.elapsedNanos);
        EpochTrigger.decide(input).filter(SimulatedJob::isForTheJob).ifPresent(reason -> {
            endedEpoch = sample.epoch;
            toWorker.send(nowNanos, endEpoch(reason, sample));
        });
    }

    /** What needs looking for; deadlines, longest lengths and watermarks the worker keeps by itself. */
    private static boolean isForTheJob(TriggerReason reason) {
        return reason == TriggerReason.IDLE_SLOT
                || reason == TriggerReason.IDLE_WEAK
                || reason == TriggerReason.WAIT_PRICE;
    }

    private EndEpoch endEpoch(TriggerReason reason, SampleView sample) {
        long atMicros = sample.sampledAtMicros;
        return new EndEpoch(
                Reports.VM,
                ++ids,
                sample.epoch,
                reason,
                reason != TriggerReason.WAIT_PRICE,
                atMicros,
                atMicros,
                atMicros + path.commandExpiryNanos() / 1000);
    }
}
