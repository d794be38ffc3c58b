package io.lull.policy.plover;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.IdleRule;
import io.lull.policy.NamedPolicy;
import io.lull.policy.Objectives;
import io.lull.policy.Reason;
import io.lull.policy.Signal;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VacantThreshold;
import java.util.Set;

/**
 * A checkpoint in every idle slot, and at T_max where none comes: the schedule of PLOVER, made safe.
 *
 * <pre>
 * checkpoint when idle slot (see {@link io.lull.policy.signal.IdleSlotDetector}) or epoch age ≥ T_max
 * </pre>
 *
 * <p>Why it works: held answers make closed-loop clients wait, so a server soon has nothing to do; from then until the
 * next commit it stands idle, and both the pause and the rest of a fixed interval are wasted. Regimes: a service under
 * closed-loop load checkpoints as soon as it has answered all; a CPU-bound guest runs into T_max every time and gets
 * the fixed schedule; a guest with nothing to say checkpoints at T_max too, since nothing waits.
 *
 * <p>Source: Wang et al., <i>PLOVER: Fast, Multi-core Scalable Virtual Machine Fault-tolerance</i>, NSDI 2018, and its
 * released code ({@code colo.c}, {@code getdelays.c}). Where this differs from the released code:
 *
 * <table>
 * <caption>Released code and this policy</caption>
 * <tr><th></th><th>released</th><th>here</th></tr>
 * <tr><td>longest epoch</td><td>none: a CPU-bound guest never checkpoints</td><td>T_max</td></tr>
 * <tr><td>CPU</td><td>{@code clock()} of the whole QEMU process, 125 µs in 100 µs, set by hand for one host with a
 *   polling consensus thread</td><td>run plus wait time of the vCPU threads, as a share of the measured time,
 *   threshold learned per VM by {@link VacantThreshold}</td></tr>
 * <tr><td>stretch</td><td>3 probes of 200 µs</td><td>0.6 ms of samples (probes run every 0.5 ms on the host, every 1 ms for the job)</td></tr>
 * <tr><td>disk</td><td>block-I/O delay of the process grew</td><td>a request is in flight at the disk server</td></tr>
 * <tr><td>output</td><td>TCP payload counter unchanged</td><td>no frame for 0.6 ms, and some output is held</td></tr>
 * <tr><td>requests</td><td>not looked at</td><td>none pending, or 5 ms of idleness</td></tr>
 * <tr><td>backup</td><td>executes too, and both wait for each other</td><td>does not execute</td></tr>
 * </table>
 *
 * <p>{@link PloverReleasedPolicy} is the schedule as released, without a bound.
 */
public final class IdleSlotPolicy extends NamedPolicy<IdleSlotState> {
    public static final String NAME = "plover.idle";

    public IdleSlotPolicy() {
        super(NAME, Set.of(Signal.VCPU_TIME, Signal.NETWORK, Signal.DISK), IdleSlotState.class, IdleSlotState::new);
    }

    @Override
    public void onSample(IdleSlotState state, SampleView sample, Objectives objectives) {
        VacantThreshold.update(state.vacant, sample);
        // The threshold moves in steps of 1 %, so that the plan changes seldom.
        state.revision = Math.round(100 * VacantThreshold.busyRatio(state.vacant));
    }

    @Override
    public void onReport(IdleSlotState state, EpochReport report, Objectives objectives) {}

    @Override
    public EpochPlan plan(IdleSlotState state, Objectives objectives) {
        IdleRule rule = IdleRule.DEFAULT.withBusyRatio(VacantThreshold.busyRatio(state.vacant));
        long maxEpochNanos = objectives.maxEpochNanos();
        Reason reason = Reason.of("idle slots below " + Math.round(100 * rule.busyRatio()) + " % busy, at most "
                + maxEpochNanos / 1000 + " us");
        return new EpochPlan(
                NAME,
                Math.min(rule.settleNanos(), maxEpochNanos),
                maxEpochNanos,
                Conditions.of(rule),
                objectives.placement(),
                reason);
    }
}
