package io.lull.policy.daly;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.NamedPolicy;
import io.lull.policy.Objectives;
import io.lull.policy.Reason;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import java.util.Set;

/**
 * The interval that loses the least computation to checkpoints and failures together, kept as a strawman: the formula of
 * Young and Daly, which answers another question.
 *
 * <pre>
 * T = √(2 · C · M)      C = mean pause, learned;  M = mean time between failures
 * checkpoint when now − start of the last pause ≥ min(T, T_max)
 * </pre>
 *
 * <p>Why it is the wrong objective: it weighs the pauses against the work that a failure undoes, which in a computation
 * is half an interval on the mean and must be done again. Here nobody sees that work: output is held until it is safe, so
 * what a failure undoes was never shown. What an interval costs here is that <i>every</i> answer waits for its end, and
 * that term the formula lacks. With C = 5 ms and M = a year it says 561 s.
 *
 * <p>Regimes: with any M of a real host it is above every T_max, and the policy is a fixed interval of T_max; it comes
 * below only for hosts that fail within minutes.
 *
 * <p>Source: Young, CACM 17(9), 1974, for the formula; Daly, FGCS 22(3), 2006, for its correction, which for C far below
 * M is a shortening by less than C and is left out. Left open, hence a parameter: M. Left open and chosen: C is the pause
 * and not the commit, since the guest runs on meanwhile; a report weighs 20 % of the mean; the interval moves when it is
 * off by more than 5 %. T_max is {@link Objectives#maxEpochNanos()}, and it holds before the first report.
 */
public final class YoungDalyPolicy extends NamedPolicy<YoungDalyState> {
    public static final String NAME = "young.daly";
    private static final double NEW_RATIO = 0.2;
    private static final double MOVED_RATIO = 0.05;

    private final YoungDalySettings settings;

    public YoungDalyPolicy(YoungDalySettings settings) {
        super(NAME, Set.of(), YoungDalyState.class, YoungDalyState::new);
        this.settings = settings;
    }

    @Override
    public void onSample(YoungDalyState state, SampleView sample, Objectives objectives) {}

    @Override
    public void onReport(YoungDalyState state, EpochReport report, Objectives objectives) {
        double pauseNanos = report.pause().totalNanos();
        state.pauseNanos =
                state.pauseNanos == 0 ? pauseNanos : state.pauseNanos + NEW_RATIO * (pauseNanos - state.pauseNanos);
        long intervalNanos = Math.max(1, Math.round(Math.sqrt(2 * state.pauseNanos * settings.failureNanos())));
        long before = bounded(state.intervalNanos, objectives);
        if (Math.abs(bounded(intervalNanos, objectives) - before) > MOVED_RATIO * before) {
            state.revision++;
            state.intervalNanos = intervalNanos;
        }
    }

    @Override
    public EpochPlan plan(YoungDalyState state, Objectives objectives) {
        long intervalNanos = bounded(state.intervalNanos, objectives);
        Reason reason = Reason.of("least lost work, at most " + objectives.maxEpochNanos() / 1000 + " us: interval of "
                + intervalNanos / 1000 + " us");
        return new EpochPlan(NAME, 0, intervalNanos, Conditions.NONE, objectives.placement(), reason);
    }

    private static long bounded(long intervalNanos, Objectives objectives) {
        return intervalNanos == 0 ? objectives.maxEpochNanos() : Math.min(intervalNanos, objectives.maxEpochNanos());
    }
}
