package io.lull.policy.mc;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.NamedPolicy;
import io.lull.policy.Objectives;
import io.lull.policy.Reason;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import java.util.Set;

/**
 * A sleep between checkpoints that is shorter by what the last one stood still: the schedule of QEMU MicroCheckpointing.
 *
 * <pre>
 * after each checkpoint with downtime d, once it is acknowledged:  wait = freq ≥ d ? freq − d : 0
 * so the guest runs    r = transmit + wait                         between two pauses
 * as a plan:           T = r + min(r, d)
 * </pre>
 *
 * <p>A plan's interval counts from the start of the pause and leaves the guest half of itself, so that a pause of d and an
 * interval of T let it run max(T − d, T / 2). T above is the interval that makes this r, whichever of the two is longer:
 * the schedule is met exactly, also where the downtime is longer than half of {@code freq}, and the half-interval floor
 * adds nothing.
 *
 * <p>Regimes: a downtime well below {@code freq} gives a period of {@code freq} plus the transmission, which is longer
 * than Remus' at the same number; a downtime above {@code freq} gives no sleep at all, and the guest runs while its
 * checkpoint is transmitted and no longer.
 *
 * <p>Source: Hines, QEMU MicroCheckpointing, branch {@code mc}, 2014: {@code docs/mc.txt} and the loop of the checkpoint
 * thread, which transmits and waits for the acknowledgement before it sleeps. The default of {@code freq} is the
 * source's. Nothing is left open.
 *
 * <p>Divergences:
 *
 * <ul>
 *   <li>Transmission and downtime are those of the last checkpoint that was reported, as is the case in the source only
 *       once its own transmission is over; a plan must be there before. Both in whole milliseconds, as in the source.
 *   <li>Before the first report both are 0.
 *   <li>Where nothing is left to wait for, T is 1 ns, and the worker's hard T_min applies.
 * </ul>
 *
 * <p>{@link Objectives#maxEpochNanos()} does not bound it, as it doesn't bound Remus' interval.
 */
public final class MicroCheckpointPolicy extends NamedPolicy<MicroCheckpointState> {
    public static final String NAME = "mc.sleep";
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final MicroCheckpointSettings settings;

    public MicroCheckpointPolicy(MicroCheckpointSettings settings) {
        super(NAME, Set.of(), MicroCheckpointState.class, MicroCheckpointState::new);
        this.settings = settings;
    }

    @Override
    public void onSample(MicroCheckpointState state, SampleView sample, Objectives objectives) {}

    @Override
    public void onReport(MicroCheckpointState state, EpochReport report, Objectives objectives) {
        long pauseNanos = report.pause().totalNanos();
        long downtimeMillis = pauseNanos / NANOS_PER_MILLI;
        long transmitMillis = Math.max(0, report.stages().commitNanos() - pauseNanos) / NANOS_PER_MILLI;
        if (downtimeMillis != state.downtimeMillis || transmitMillis != state.transmitMillis) {
            state.downtimeMillis = downtimeMillis;
            state.transmitMillis = transmitMillis;
            state.revision++;
        }
    }

    @Override
    public EpochPlan plan(MicroCheckpointState state, Objectives objectives) {
        long downtimeNanos = state.downtimeMillis * NANOS_PER_MILLI;
        long waitNanos = Math.max(0, settings.delayNanos() - downtimeNanos);
        long runNanos = state.transmitMillis * NANOS_PER_MILLI + waitNanos;
        long intervalNanos = Math.max(1, runNanos + Math.min(runNanos, downtimeNanos));
        Reason reason = Reason.of("sleep of " + waitNanos / 1000 + " us after a downtime of " + state.downtimeMillis
                + " ms and a transmission of " + state.transmitMillis + " ms");
        return new EpochPlan(NAME, 0, intervalNanos, Conditions.NONE, objectives.placement(), reason);
    }
}
