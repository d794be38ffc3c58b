package io.lull.policy.orbit;

import io.lull.policy.Conditions;
import io.lull.policy.DivergenceRule;
import io.lull.policy.EpochPlan;
import io.lull.policy.NamedPolicy;
import io.lull.policy.Objectives;
import io.lull.policy.Reason;
import io.lull.policy.Signal;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import java.util.Set;

/**
 * A checkpoint when a backup that executes too says something else, and a fixed interval for a while where that is the
 * case too often: the hybrid COLO mode of ORBIT.
 *
 * <pre>
 * active:   checkpoint at a divergence, 3 ms into the epoch at the earliest, or after 10 s
 * passive:  checkpoint after 250 ms
 * each epoch:  mean ← 0.7 · mean + 0.3 · length;  n ← n + 1
 *   active and n ≥ 5 and mean &lt; 400 ms:  passive for 100 epochs
 *   the 100th passive epoch is over:      active;  mean ← 0;  n ← 0
 * </pre>
 *
 * <p>Regimes: a guest whose answers do not depend on timing runs for seconds without a checkpoint, and its output is not
 * held for one; a guest that diverges in under 400 ms on the mean is given up on for 25 s, and then tried again for 5
 * epochs. The mean begins at 0, so that 5 epochs of less than 481 ms are enough, not 400.
 *
 * <p>Source: Gilbert, ORBIT (orbitfp7/qemu, branch {@code orbit-wp4-colo-mar16}), {@code migration/colo.c}; the constants
 * are its defaults, and nothing is left open. Needs {@link Signal#DIVERGENCE}: a host without an executing backup does
 * not have it, and the policy is refused there.
 *
 * <p>Divergences:
 *
 * <ul>
 *   <li>In the passive mode the backup doesn't execute, so no condition stands: the host is not expected to stop it.
 *   <li>The source counts an epoch from the resume; a plan's longest epoch counts from the start of the pause before, so
 *       epochs without a divergence are shorter by that pause.
 *   <li>The source takes the length until the divergence, without the rest of the 3 ms; here the report's whole length,
 *       longer by up to 3 ms and by the time to the next tick.
 *   <li>A mode changes when the report of the epoch arrives, which is after the next has begun: one epoch late at most.
 *   <li>COLO releases frames that both VMs sent alike at once; that is the gate's matter and none of the schedule.
 * </ul>
 *
 * <p>{@link Objectives#maxEpochNanos()} is not looked at; the worker's hard T_max still applies and, at its default of
 * 500 ms, cuts the 10 s short.
 */
public final class OrbitHybridPolicy extends NamedPolicy<OrbitHybridState> {
    public static final String NAME = "orbit.hybrid";

    private final OrbitHybridSettings settings;

    public OrbitHybridPolicy(OrbitHybridSettings settings) {
        super(NAME, Set.of(Signal.DIVERGENCE), OrbitHybridState.class, OrbitHybridState::new);
        this.settings = settings;
    }

    @Override
    public void onSample(OrbitHybridState state, SampleView sample, Objectives objectives) {}

    @Override
    public void onReport(OrbitHybridState state, EpochReport report, Objectives objectives) {
        state.meanNanos = settings.keptRatio() * state.meanNanos + (1 - settings.keptRatio()) * report.lengthNanos();
        state.epochs++;
        if (state.passiveEpochs > 0) {
            state.passiveEpochs--;
            if (state.passiveEpochs == 0) {
                state.meanNanos = 0;
                state.epochs = 0;
                state.revision++;
            }
        } else if (state.epochs >= settings.judgedEpochs() && state.meanNanos < settings.oftenNanos()) {
            state.passiveEpochs = settings.passiveEpochs();
            state.revision++;
        }
    }

    @Override
    public EpochPlan plan(OrbitHybridState state, Objectives objectives) {
        if (state.passiveEpochs > 0) {
            Reason reason =
                    Reason.of("diverges too often: passive epochs of " + settings.passiveNanos() / 1000 + " us");
            return new EpochPlan(NAME, 0, settings.passiveNanos(), Conditions.NONE, objectives.placement(), reason);
        }
        Reason reason = Reason.of("divergence, at most " + settings.activeNanos() / 1000 + " us");
        Conditions conditions = Conditions.of(new DivergenceRule(settings.minEpochNanos()));
        return new EpochPlan(NAME, 0, settings.activeNanos(), conditions, objectives.placement(), reason);
    }
}
