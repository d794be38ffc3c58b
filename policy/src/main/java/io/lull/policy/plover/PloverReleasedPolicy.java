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
import java.util.Set;

/**
 * A checkpoint in an idle slot and at no other time: the schedule of PLOVER as its authors released it.
 *
 * <pre>
 * a probe is idle when  CPU time &lt; 25 % of one core  and no block-I/O delay  and the output counter stood still
 * checkpoint when three probes of 200 us were idle in a row
 * </pre>
 *
 * <p>Regimes: a service under closed-loop load checkpoints 0.6 ms after it has answered all; a guest with a gap between
 * requests that is shorter than that, and every CPU-bound guest, <b>never checkpoints</b>: nothing bounds the epoch. A
 * plan needs a bound, so this one says an hour, {@link #UNBOUNDED_NANOS}; the worker's hard T_max still applies, and
 * with it the policy is safe but no longer as released. {@link Objectives#maxEpochNanos()} is not looked at;
 * {@link IdleSlotPolicy} is the one that keeps to it.
 *
 * <p>Source: Wang et al., NSDI 2018, and the released code at f7d910b ({@code colo.c}: {@code wait_guest_finish};
 * {@code getdelays.c}). Pending requests are not looked at, there is no settling time and no shortest epoch, as there.
 *
 * <p>Divergences, all forced by what is measured here:
 *
 * <ul>
 *   <li>CPU is 125 us in a sleep of 100 us there, of which 100 us are the consensus thread's; here the 25 us that are
 *       left, as a share of one core. {@code clock()} counts the whole QEMU process; here the vCPU threads alone, all
 *       together, and the time that they waited for a core as well.
 *   <li>The stretch is 0.6 ms of samples. A host that samples each 0.5 ms needs two of them, and a busy probe is then
 *       seen only as its share of the sample.
 *   <li>Block-I/O delay of the process there; a disk request in flight at the end of the newest sample here, which ends
 *       the slot but does not start the count of idle probes over.
 *   <li>Output is TCP payload there; here any frame. A pure ACK breaks a slot here.
 *   <li>An idle guest with nothing held is synchronised all the time there; here there is no idle slot while nothing is
 *       held.
 *   <li>The backup's side (it executes, and both wait for each other) has no counterpart.
 * </ul>
 */
public final class PloverReleasedPolicy extends NamedPolicy<PloverReleasedState> {
    public static final String NAME = "plover.released";

    /** An hour: stands for no bound at all. */
    public static final long UNBOUNDED_NANOS = 3_600_000_000_000L;

    private final PloverReleasedSettings settings;

    public PloverReleasedPolicy(PloverReleasedSettings settings) {
        super(
                NAME,
                Set.of(Signal.VCPU_TIME, Signal.NETWORK, Signal.DISK),
                PloverReleasedState.class,
                PloverReleasedState::new);
        this.settings = settings;
    }

    @Override
    public void onSample(PloverReleasedState state, SampleView sample, Objectives objectives) {
        if (sample.vcpus > 0 && sample.vcpus != state.vcpus) {
            state.vcpus = sample.vcpus;
            state.revision++;
        }
    }

    @Override
    public void onReport(PloverReleasedState state, EpochReport report, Objectives objectives) {}

    @Override
    public EpochPlan plan(PloverReleasedState state, Objectives objectives) {
        // A rule's share is of all vCPUs; the released threshold is of one core, however many there are.
        double busyRatio = settings.busyCoreRatio() / state.vcpus;
        long stretchNanos = settings.probes() * settings.probeNanos();
        IdleRule rule = new IdleRule(busyRatio, stretchNanos, stretchNanos, stretchNanos, 0);
        Reason reason = Reason.of("idle slots of " + settings.probes() + " probes below "
                + Math.round(100 * settings.busyCoreRatio()) + " % of a core, without a longest epoch");
        return new EpochPlan(NAME, 0, UNBOUNDED_NANOS, Conditions.of(rule), objectives.placement(), reason);
    }
}
