package io.lull.policy.kemari;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.NamedPolicy;
import io.lull.policy.Objectives;
import io.lull.policy.OutputRule;
import io.lull.policy.Reason;
import io.lull.policy.Signal;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import java.util.Set;

/**
 * A checkpoint at every output: the schedule of Kemari.
 *
 * <pre>
 * checkpoint when a frame is held or a disk write was made, or epoch age ≥ T_max
 * </pre>
 *
 * <p>Regimes: a guest that says little, and waits for the answer, loses next to no time; a guest that streams stands
 * still most of the time, with a pause for every tick in which it sent something; a guest that only computes has the
 * checkpoints of T_max.
 *
 * <p>Source: Kemari (Tamura et al., NTT, 2008 to 2010), known from descriptions; its paper could not be read. It has no
 * parameter.
 *
 * <p>Divergences:
 *
 * <ul>
 *   <li>Kemari synchronises <i>before</i> an output leaves the guest's device, so that there is nothing to hold. Here the
 *       output is held until the commit, as with all other policies, and the trigger sees it at its next tick.
 *   <li>Kemari has no longest epoch; a plan needs one, {@link Objectives#maxEpochNanos()}.
 *   <li>The worker's hard T_min keeps two checkpoints apart.
 * </ul>
 */
public final class OnOutputPolicy extends NamedPolicy<OnOutputState> {
    public static final String NAME = "kemari";
    private static final OutputRule ANY_OUTPUT = new OutputRule(1, 1, 0, 0, 0);

    public OnOutputPolicy() {
        super(NAME, Set.of(Signal.NETWORK, Signal.DISK), OnOutputState.class, OnOutputState::new);
    }

    @Override
    public void onSample(OnOutputState state, SampleView sample, Objectives objectives) {}

    @Override
    public void onReport(OnOutputState state, EpochReport report, Objectives objectives) {}

    @Override
    public EpochPlan plan(OnOutputState state, Objectives objectives) {
        long maxEpochNanos = objectives.maxEpochNanos();
        Reason reason = Reason.of("any output, at most " + maxEpochNanos / 1000 + " us");
        return new EpochPlan(NAME, 0, maxEpochNanos, Conditions.of(ANY_OUTPUT), objectives.placement(), reason);
    }
}
