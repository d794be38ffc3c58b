package io.lull.policy.lull;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.Objectives;
import io.lull.policy.Reason;
import io.lull.policy.Signal;
import io.lull.policy.WaitRule;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.Ewma;
import io.lull.policy.signal.LineFit;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.SlotHazard;
import io.lull.policy.signal.VacantThreshold;
import io.lull.policy.signal.Waiting;
import java.util.Set;

/**
 * Waits for the lull only while the pause that it saves is worth more than what waits meanwhile.
 *
 * <p>What is lost is counted as a share of the VM: a guest that stands still loses its busy share, a server whose
 * clients wait for held answers loses what it goes without. The stopping rule within an epoch, its derivation and its
 * regimes stand at {@code WaitJudge}; this class learns its numbers from samples and reports:
 *
 * <pre>
 * W  price of a starving server     reaction · S / (S + B)              Reaction, LossRate, Silence
 * g  average loss                   Σ lost / Σ time                     LossRate
 * longest silent epoch              least loss on a grid                Silence, Readiness
 * talk, time per frame, b_full      decaying maxima and means           Talk
 * price and loss of each service    by what each lacks                  Services
 * P(D), commit(D), bytes(D), D(T)   least squares with fading memory    LineFit, DirtyCurve
 * s  rate of lulls                  censored exponential                SlotHazard
 * vacant threshold                  quantile of vacant samples          VacantThreshold
 * </pre>
 *
 * <p>with S = 1 / (t·r) and B = β·u / b: r is the share of a conversation in which the server works, t the share of the
 * time in which there is one; b is the share of the time in which the guest runs, β (0 to 1) how much goes on beside the
 * server now, and u how much more that is than on the long run. Then both count by what they lack of their own time, as
 * in proportional fairness, so that the geometric mean of what they get is greatest: an activity that goes on for a
 * tenth of the time loses ten times as much of itself in a millisecond.
 *
 * <p>What the operator wants is kept by {@link OutputDelay} (how long frames are held, and how old an epoch without any
 * may grow) and {@link Budget} (the shortest epoch with an overhead or a bandwidth); {@link Readiness} weighs how long a
 * silent epoch may grow for the sake of the conversation that will begin. What can't be kept is said in the plan's reason
 * with what can.
 *
 * <p>Regimes: a closed loop ends its epoch as its last answer is sent, or somewhat before where the rest fits into the
 * gap until the released clients come back; clients that don't react wait until the output delay demands it, unless a
 * pause costs nothing; beside a background load it fires when what waits costs as much as the average; a guest without
 * output goes to T_max.
 *
 * <p>Source: this project (design, section 7). Renewal-reward and the marginal value theorem are textbook (Ross,
 * Stochastic Processes; Charnov 1976); what was tried and dropped is in the module's README.
 */
public final class LullPolicy implements CheckpointPolicy<LullState> {
    public static final String NAME = "lull";
    private static final long LOSS_TAU_NANOS = 500_000_000;
    private static final long SLOTS_TAU_NANOS = 200_000_000;
    private static final long REPLAN_MICROS = 20_000;
    private static final int LEAD_REPORTS = 16;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Signal> requires() {
        return Set.of(Signal.VCPU_TIME, Signal.NETWORK, Signal.TCP, Signal.DISK);
    }

    @Override
    public Class<LullState> stateType() {
        return LullState.class;
    }

    @Override
    public LullState initialState() {
        return new LullState();
    }

    @Override
    public void onSample(LullState state, SampleView sample, Objectives objectives) {
        VacantThreshold.update(state.vacant, sample);
        boolean rests = Waiting.rests(sample, VacantThreshold.busyRatio(state.vacant));
        SlotHazard.update(state.slots, sample, rests, SLOTS_TAU_NANOS);
        Talk.update(state, sample, rests);
        Reaction.update(state.reaction, sample, rests, state, REACTION_TAU_NANOS);
        Services.update(state.services, sample, state.saturatedBusyRatio, state.lastPauseNanos);
        Silence.update(state.silence, sample, state.stuckRequests);
        if (Silence.isSilent(state.silence)) {
            LossRate.onSilence(state.loss);
        } else {
            double starving = waitingRatio(state, sample, rests);
            // The price is worked out only where something has it.
            double waiting = starving > 0 ? waitPriceRatio(state) * starving : 0;
            LossRate.onSample(state.loss, sample, starving, waiting, LOSS_TAU_NANOS);
        }
        long sincePlannedMicros = sample.sampledAtMicros - state.plannedAtMicros;
        // A wall clock that was set back must not keep the plan as it is until it has caught up.
        if (sincePlannedMicros >= REPLAN_MICROS || sincePlannedMicros < 0) {
            state.plannedAtMicros = sample.sampledAtMicros;
            LullNumbers next = state.next;
            LullPlanner.fill(next, state, objectives);
            if (next.differs(state.inForce, 0.1, 0.02)) {
                state.inForce.set(next);
                state.revision++;
            }
        }
    }

    /** Share of the VM's work that stands still for what is held, whichever epoch it is of. */
    private static double waitingRatio(LullState state, SampleView sample, boolean rests) {
        if (sample.heldPackets == 0) {
            return 0;
        }
        double share = Waiting.share(sample.heldPackets, state.talkPackets);
        return rests ? 1 : share * Waiting.starving(sample, share, state.stuckRequests, state.saturatedBusyRatio);
    }

    /** Even where nobody is kept from working, an answer is worth something. */
    private static final double LEAST_PRICE_RATIO = 0.05;

    private static final long REACTION_TAU_NANOS = 1_000_000_000;

    /**
     * W: what a starving server is worth beside a pause that stops all. With nothing but the server it is everything,
     * times whether its clients react at all. Beside background work both count by what they lack, as in proportional
     * fairness: a moment of starvation costs S, one of pause S + B, see the class.
     */
    static double waitPriceRatio(LullState state) {
        double talks = Math.max(1 / MOST_RARE, 1 - Silence.silentRatio(state.silence));
        double served = 1 / (talks * LossRate.servedRatio(state.loss));
        double ran = background(state) / LossRate.ranRatio(state.loss);
        return Math.max(LEAST_PRICE_RATIO, Reaction.ratio(state.reaction) * served / (served + ran));
    }

    /** What goes on beside the server, as a share of the VM, times how much more that is than on the long run. */
    static double background(LullState state) {
        double now = workRatio(state, answeredBusyRatio(state));
        double mean = workRatio(state, Ewma.meanOr(state.backgroundRatio, 0));
        return Math.min(1, BACKGROUND_GAIN * now) * Math.min(MOST_RARE, now / Math.max(mean, LEAST_BUSY_RATIO));
    }

    /** From a quarter of the server's own busy share on, what goes on beside it is an activity of its own. */
    private static final double BACKGROUND_GAIN = 4;

    private static final double LEAST_BUSY_RATIO = 0.01;

    /** What a millisecond counts more at most because an activity goes on for a part of the time only. */
    private static final double MOST_RARE = 10;

    /** {@code busyRatio} as a share of what the VM does when it has all the work it can do. */
    static double workRatio(LullState state, double busyRatio) {
        return Math.min(1, busyRatio / Math.max(LEAST_BUSY_RATIO, state.saturatedBusyRatio));
    }

    /** Time that the server works on a frame while it has work; 0 while unknown. */
    static double nanosPerPacket(LullState state) {
        return state.workedPackets > 0 ? state.workedNanos / state.workedPackets : 0;
    }

    static double answeredBusyRatio(LullState state) {
        return Ewma.meanOr(state.answeredBusy, 0);
    }

    @Override
    public void onReport(LullState state, EpochReport report, Objectives objectives) {
        double pages = report.pages().dirtyPages();
        double commitNanos = report.stages().commitNanos();
        state.lastPauseNanos = report.pause().totalNanos();
        OutputDelay.learnCommit(state, report);
        Talk.learn(state, report, VacantThreshold.busyRatio(state.vacant));
        if (report.held().packets() > 0) {
            double heldNanos = Math.max(0, report.held().maxWaitNanos() - commitNanos);
            Ewma.update(state.lead, Math.max(0, report.lengthNanos() - heldNanos), 1, LEAD_REPORTS);
        }
        LineFit.update(state.pause, pages, report.pause().totalNanos());
        LineFit.update(state.commit, pages, commitNanos);
        LineFit.update(state.wire, pages, report.bytes().shippedBytes());
        DirtyCurve.update(state.dirty, report.lengthNanos(), report.pages().dirtyPages());
        if (!Silence.isSilent(state.silence)) {
            LossRate.onPause(
                    state.loss,
                    report.pause().totalNanos(),
                    workRatio(state, report.trigger().busyRatio()));
        }
        LullPlanner.learn(state, report, objectives);
    }

    @Override
    public EpochPlan plan(LullState state, Objectives objectives) {
        LullNumbers n = state.inForce;
        WaitRule rule = new WaitRule(
                n.waitPriceRatio,
                n.averageLossRatio,
                n.talkPackets,
                n.stuckRequests,
                n.nanosPerPacket,
                n.gapNanos,
                n.saturatedBusyRatio,
                n.busyRatio,
                n.answeredBusyRatio,
                (long) n.pauseNanos,
                n.pauseNanosPerPage,
                n.slotsPerSecond,
                (long) n.maxHeldNanos,
                (long) n.readyWorkNanos,
                n.services.rule());
        // What the operator allows may have changed since these numbers were worked out.
        long maxEpochNanos = Math.max(1, Math.min(objectives.maxEpochNanos(), (long) n.maxEpochNanos));
        Reason reason = Reason.of(LullPlanner.words(n, maxEpochNanos));
        return new EpochPlan(
                NAME,
                Math.min(maxEpochNanos, (long) n.minEpochNanos),
                maxEpochNanos,
                Conditions.of(rule),
                objectives.placement(),
                reason);
    }
}
