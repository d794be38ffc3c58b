package io.lull.policy.remus;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.NamedPolicy;
import io.lull.policy.Objectives;
import io.lull.policy.Reason;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import java.util.Set;

/**
 * A checkpoint every {@link Objectives#intervalNanos()}, whatever the guest does: the schedule of Remus.
 *
 * <pre>
 * checkpoint when now - start of the last pause ≥ T
 * </pre>
 *
 * <p>Regimes: a short T costs a CPU-bound guest about the same time at every checkpoint, so its overhead grows
 * linearly with 1/T; a long T adds its length to every answer. No T suits both, which is why the other policies exist.
 * Where a commit takes longer than T, the rate that is reached falls below 1/T, as it does in the paper (40 asked,
 * 23.3 reached). The published system runs at T = 25 to 100 ms; Xen's {@code xl remus} defaults to 200 ms.
 *
 * <p>Source: Cully et al., <i>Remus: High Availability via Asynchronous Virtual Machine Replication</i>, NSDI 2008.
 */
public final class FixedIntervalPolicy extends NamedPolicy<FixedIntervalState> {
    public static final String NAME = "remus.fixed";

    public FixedIntervalPolicy() {
        super(NAME, Set.of(), FixedIntervalState.class, FixedIntervalState::new);
    }

    @Override
    public void onSample(FixedIntervalState state, SampleView sample, Objectives objectives) {}

    @Override
    public void onReport(FixedIntervalState state, EpochReport report, Objectives objectives) {}

    @Override
    public EpochPlan plan(FixedIntervalState state, Objectives objectives) {
        long intervalNanos = objectives.intervalNanos();
        Reason reason = Reason.of("fixed interval of " + intervalNanos / 1000 + " us");
        return new EpochPlan(NAME, 0, intervalNanos, Conditions.NONE, objectives.placement(), reason);
    }
}
