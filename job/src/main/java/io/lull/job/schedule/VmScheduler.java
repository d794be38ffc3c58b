package io.lull.job.schedule;

import io.lull.policy.Decision;
import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.Objectives;
import io.lull.policy.OperatorIntent;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.guard.GuardChain;
import io.lull.policy.guard.GuardInput;
import io.lull.policy.guard.GuardedPlan;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.IdleVerdict;
import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides for one VM what is sent to its worker, given what its policy proposes. Pure but for the {@link VmState} that
 * it is handed, which it brings up to date.
 *
 * <p>A plan is sent when it differs from the one that was sent last, and again at every re-assertion. Every plan that
 * is sent has a new id; a decision is recorded only when the plan is another one, and re-assertions echo its id. A
 * plan that differs in the thresholds of its idle rule alone waits for the next re-assertion: thresholds are learned
 * and creep.
 *
 * <p>Leases and expiries count from the sample's own time, by the clock of the host that will judge them, so that
 * clocks of two machines are never compared, and an answer to old telemetry arrives expired. Staleness is the job's
 * own affair and counts by the job's clock. Ids come from the job's clock and grow by at least one, so that they go on
 * growing when the job starts over without its state.
 */
public final class VmScheduler {
    private final SchedulerSettings settings;
    private final PolicyRegistry registry;
    private final GuardChain guards;

    public VmScheduler(SchedulerSettings settings, PolicyRegistry registry) {
        this.settings = settings;
        this.registry = registry;
        this.guards = GuardChain.standard(settings.stalenessMicros());
    }

    /** The policy in force: the operator's choice while that holds, else the default. */
    public String policyName(VmState state, long nowMicros) {
        boolean chosen = state.chosen.holdsAt(nowMicros) && registry.knows(state.chosen.policy);
        return chosen ? state.chosen.policy : settings.policy();
    }

    /** The objectives in force. */
    public Objectives objectives(VmState state, long nowMicros) {
        Objectives base = settings.objectives();
        return state.chosen.holdsAt(nowMicros) ? state.chosen.over(base) : base;
    }

    /** Takes up an intent; says why when it can't. */
    public Optional<String> takeUp(VmState state, OperatorIntent intent) {
        switch (intent.kind()) {
            case CHOOSE_POLICY -> {
                String policy = intent.policy().orElse("");
                if (!registry.knows(policy)) {
                    return Optional.of(
                            "no policy is named '" + policy + "'; known are " + String.join(", ", registry.names()));
                }
                state.chosen = ChosenPolicy.of(intent);
                return Optional.empty();
            }
            case PIN_INTERVAL -> {
                state.pin = Pin.of(intent);
                return Optional.empty();
            }
            case PAUSE, RESUME, OBJECTIVES, EXCLUDE, ADVICE -> {
                return Optional.of(intent.kind() + " is not supported yet");
            }
        }
        throw new IllegalStateException("unknown kind of intent " + intent.kind());
    }

    /** What follows from a new sample, given what the policy proposes. */
    public Outcome onSample(VmState state, VmSample sample, EpochPlan proposed, long nowMicros) {
        state.lastSeenMicros = nowMicros;
        state.epoch = sample.epoch();
        GuardedPlan guarded = guard(state, proposed, nowMicros);
        if (guarded.plan().isEmpty()) {
            return new Outcome(List.of(), List.of());
        }
        EpochPlan plan = guarded.plan().get();
        state.idle = IdleSlotDetector.step(state.idle, sample, plan.idleRule().orElse(IdleRule.DEFAULT));
        List<WorkerCommand> commands = new ArrayList<>();
        List<Decision> decisions = new ArrayList<>();
        if (endsEpoch(state, sample, plan)) {
            Decision decision =
                    Decisions.checkpoint(newDecision(state, sample.vm(), nowMicros), sample, state.idle, guarded);
            state.endedEpoch = sample.epoch();
            decisions.add(decision);
            commands.add(endEpoch(state, sample, decision));
        }
        if (isDue(state.sent, plan, nowMicros)) {
            long decisionId = state.sent.decisionId;
            if (!state.sent.same(plan)) {
                Decision decision = Decisions.plan(
                        newDecision(state, sample.vm(), nowMicros), sample, state.idle, proposed, guarded);
                decisionId = decision.decisionId();
                decisions.add(decision);
            }
            state.sent = SentPlan.of(plan, decisionId, nowMicros);
            long leaseUntilMicros = after(sample.sampledAtMicros(), settings.leaseMicros());
            LeasedPlan leased = new LeasedPlan(nextId(state, nowMicros), plan, leaseUntilMicros);
            commands.add(new StandingPlan(sample.vm(), decisionId, leased));
        }
        return new Outcome(commands, decisions);
    }

    /** What follows from telemetry's silence: no plan, so that the lease of the last one lapses. */
    public Outcome onSilence(VmState state, VmId vm, EpochPlan proposed, long nowMicros) {
        GuardedPlan guarded = guard(state, proposed, nowMicros);
        if (guarded.plan().isPresent()) {
            return new Outcome(List.of(), List.of());
        }
        state.sent = new SentPlan();
        Decision decision = Decisions.silence(newDecision(state, vm, nowMicros), state, proposed, guarded);
        return new Outcome(List.of(), List.of(decision));
    }

    private GuardedPlan guard(VmState state, EpochPlan proposed, long nowMicros) {
        return guards.apply(
                proposed, new GuardInput(nowMicros, state.lastSeenMicros, HardLimits.DEFAULT, state.pin.value()));
    }

    private static boolean endsEpoch(VmState state, VmSample sample, EpochPlan plan) {
        return plan.placement().inJob()
                && plan.idleRule().isPresent()
                && state.idle.verdict != IdleVerdict.NONE
                && sample.epoch() > 0
                && sample.epoch() != state.endedEpoch
                && sample.elapsedNanos() >= plan.minEpochNanos();
    }

    private boolean isDue(SentPlan sent, EpochPlan plan, long nowMicros) {
        return !sent.sameButThresholds(plan) || nowMicros - sent.sentAtMicros >= settings.reassertMicros();
    }

    private EndEpoch endEpoch(VmState state, VmSample sample, Decision decision) {
        TriggerReason reason =
                state.idle.verdict == IdleVerdict.STRONG ? TriggerReason.IDLE_SLOT : TriggerReason.IDLE_WEAK;
        return new EndEpoch(
                sample.vm(),
                decision.decisionId(),
                sample.epoch(),
                reason,
                true,
                sample.sampledAtMicros(),
                decision.decidedAtMicros(),
                after(sample.sampledAtMicros(), settings.commandExpiryMicros()));
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
