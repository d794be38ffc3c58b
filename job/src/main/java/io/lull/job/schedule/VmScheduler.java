package io.lull.job.schedule;

import io.lull.policy.Decision;
import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.LeasedPlan;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.guard.GuardChain;
import io.lull.policy.guard.GuardInput;
import io.lull.policy.guard.GuardedPlan;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.IdleState;
import io.lull.policy.signal.SampleView;
import io.lull.policy.trigger.EpochTrigger;
import io.lull.policy.trigger.TriggerInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides for one VM what is sent to its worker, given what its policy proposes. Pure but for the {@link VmState} and
 * the {@link LiveVm} that it is handed, which it brings up to date.
 *
 * <p>A plan is made when the policy's revision or the {@link Terms} have changed, and at every re-assertion. It is sent
 * when it differs from the one that was sent last, and again at every re-assertion: as often as the settings say, and when the job has
 * started again, since nobody knows whether the last plan had been written. Every plan that is sent has a new
 * id; a decision is recorded only when the plan is another one, and re-assertions echo its id. A plan that differs in
 * the thresholds of its conditions alone waits for the next re-assertion, unless an operator's word changed them:
 * thresholds are learned and creep.
 *
 * <p>Where the plan places the trigger in the job, {@link EpochTrigger} is asked at every sample on the job's behalf.
 * Only what needs looking for becomes a command; deadlines, longest lengths and watermarks the worker keeps by itself.
 *
 * <p>Leases and expiries count from the sample's own time, by the clock of the host that will judge them, so that
 * clocks of two machines are never compared, and an answer to old telemetry arrives expired. Staleness is the job's
 * own affair and counts by the job's clock. Ids come from the job's clock and grow by at least one, so that they go on
 * growing when the job starts over without its state.
 */
final class VmScheduler {
    private final SchedulerSettings settings;
    private final GuardChain guards;

    VmScheduler(SchedulerSettings settings) {
        this.settings = settings;
        this.guards = GuardChain.standard(settings.stalenessMicros());
    }

    /** What follows from the sample that {@code live} holds, given what the policy proposes. */
    Outcome onSample(VmState state, LiveVm live, Proposal<?> proposal, long nowMicros) {
        if (live.terms().pause().isPresent()) {
            IdleSlotDetector.update(state.idle, live.sample, live.idleRule());
            return pause(state, live, nowMicros);
        }
        boolean reassert = live.isNew() || reassertsAt(state.sent.sentAtMicros, nowMicros);
        boolean ordered = live.termsAreNew();
        boolean fresh = reassert || live.isOutdated(proposal.revision());
        if (fresh) {
            replan(state, live, proposal, nowMicros);
        }
        if (!live.hasPlan()) {
            return Outcome.NOTHING;
        }
        IdleSlotDetector.update(state.idle, live.sample, live.idleRule());
        Optional<TriggerReason> ends = live.triggers() ? endsEpoch(state, live) : Optional.empty();
        boolean due = fresh && (reassert || differs(state.sent, live, ordered));
        return ends.isEmpty() && !due ? Outcome.NOTHING : act(state, live, ends, due, nowMicros);
    }

    /** Also when the job's clock was set back: the worker's went on, and with it the lease. */
    private boolean reassertsAt(long sentAtMicros, long nowMicros) {
        return nowMicros < sentAtMicros || nowMicros - sentAtMicros >= settings.reassertMicros();
    }

    /** Another host reports the VM now, or its worker has begun anew: what was known of the open epoch is void. */
    void onNewCount(VmState state) {
        state.idle = new IdleState();
        state.endedEpoch = 0;
    }

    /** Keeps of a report what the trigger looks at. */
    void onReport(VmState state, EpochReport report) {
        state.lastPauseNanos = report.pause().totalNanos();
        DirtyCurve.update(state.dirty, report.lengthNanos(), report.pages().dirtyPages());
    }

    /** What follows from telemetry's silence: no plan, so that the lease of the last one lapses; said once. */
    Outcome onSilence(VmState state, LiveVm live, Proposal<?> proposal, long nowMicros) {
        if (!state.sent.stands()) {
            return Outcome.NOTHING;
        }
        EpochPlan proposed = proposal.plan();
        GuardedPlan guarded = guard(state, live.terms(), proposed, nowMicros);
        if (guarded.plan().isPresent()) {
            return Outcome.NOTHING;
        }
        state.sent.lapsed = true;
        return Outcome.recorded(Decisions.silence(newDecision(state, live.vm(), nowMicros), state, proposed, guarded));
    }

    private Outcome pause(VmState state, LiveVm live, long nowMicros) {
        live.drop();
        if (!state.sent.stands()) {
            return Outcome.NOTHING;
        }
        state.sent.lapsed = true;
        return Outcome.recorded(Decisions.paused(newDecision(state, live.vm(), nowMicros), state, live.terms()));
    }

    private void replan(VmState state, LiveVm live, Proposal<?> proposal, long nowMicros) {
        Terms terms = live.terms();
        if (terms.exclusion().isPresent() && state.sent.present) {
            EpochPlan kept = state.sent.plan();
            String why = terms.exclusion().get();
            GuardedPlan guarded =
                    new GuardedPlan(Optional.of(kept), kept.reason().and(why), List.of("exclusion"));
            live.follow(kept, guarded, proposal.revision());
            return;
        }
        EpochPlan proposed = proposal.plan();
        live.follow(proposed, guard(state, terms, proposed, nowMicros), proposal.revision());
    }

    private GuardedPlan guard(VmState state, Terms terms, EpochPlan proposed, long nowMicros) {
        return guards.apply(
                proposed, new GuardInput(nowMicros, state.admission.seenAtMicros, HardLimits.DEFAULT, terms.pin()));
    }

    private static boolean differs(SentPlan sent, LiveVm live, boolean ordered) {
        EpochPlan plan = live.guarded().plan().orElseThrow();
        boolean advice = live.terms().isAdvice();
        return ordered ? !sent.same(plan, advice) : !sent.sameButThresholds(plan, advice);
    }

    /** Why the epoch should end now, if it is for the job to say so and has not been said of this epoch. */
    private static Optional<TriggerReason> endsEpoch(VmState state, LiveVm live) {
        TriggerInput input = live.input;
        long epoch = input.sample.epoch;
        if (epoch == 0 || epoch == state.endedEpoch) {
            return Optional.empty();
        }
        input.load(state.idle);
        input.lastPauseNanos = state.lastPauseNanos;
        // As the worker foretells them, from the same epochs.
        input.dirtyPages = DirtyCurve.pagesAt(state.dirty, input.sample.elapsedNanos);
        Optional<TriggerReason> ends = EpochTrigger.decide(input);
        return ends.isPresent() && isForTheJob(ends.get()) ? ends : Optional.empty();
    }

    private static boolean isForTheJob(TriggerReason reason) {
        return switch (reason) {
            case IDLE_SLOT, IDLE_WEAK, WAIT_PRICE -> true;
            default -> false;
        };
    }

    private Outcome act(VmState state, LiveVm live, Optional<TriggerReason> ends, boolean due, long nowMicros) {
        boolean advice = live.terms().isAdvice();
        List<WorkerCommand> commands = new ArrayList<>();
        List<Decision> decisions = new ArrayList<>();
        if (ends.isPresent()) {
            Decision decision =
                    Decisions.checkpoint(newDecision(state, live.vm(), nowMicros), live, state.idle, ends.get());
            state.endedEpoch = live.sample.epoch;
            decisions.add(decision);
            commands.add(endEpoch(live.sample, ends.get(), decision));
        }
        if (due) {
            EpochPlan plan = live.guarded().plan().orElseThrow();
            long decisionId = state.sent.decisionId;
            if (!state.sent.same(plan, advice)) {
                Decision decision = Decisions.plan(newDecision(state, live.vm(), nowMicros), live, state.idle);
                decisionId = decision.decisionId();
                decisions.add(decision);
            }
            state.sent = SentPlan.of(plan, advice, decisionId, nowMicros);
            long leaseUntilMicros = after(live.sample.sampledAtMicros, settings.leaseMicros());
            LeasedPlan leased = new LeasedPlan(
                    nextId(state, nowMicros),
                    plan,
                    leaseUntilMicros,
                    live.terms().objectives().targets().encodeThreads());
            commands.add(new StandingPlan(live.vm(), decisionId, leased));
        }
        return new Outcome(advice ? List.of() : commands, decisions);
    }

    private EndEpoch endEpoch(SampleView sample, TriggerReason reason, Decision decision) {
        return new EndEpoch(
                decision.vm(),
                decision.decisionId(),
                sample.epoch,
                reason,
                reason != TriggerReason.WAIT_PRICE,
                sample.sampledAtMicros,
                decision.decidedAtMicros(),
                after(sample.sampledAtMicros, settings.commandExpiryMicros()));
    }

    /** Later by {@code byMicros}; the end of time for a host that lives near it. */
    private static long after(long atMicros, long byMicros) {
        return atMicros > Long.MAX_VALUE - byMicros ? Long.MAX_VALUE : atMicros + byMicros;
    }

    private static Decisions.Id newDecision(VmState state, VmId vm, long nowMicros) {
        return new Decisions.Id(vm, nextId(state, nowMicros), nowMicros);
    }

    private static long nextId(VmState state, long nowMicros) {
        state.lastId = Math.max(state.lastId + 1, nowMicros);
        return state.lastId;
    }
}
