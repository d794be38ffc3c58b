package io.lull.policy.remus;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.NamedPolicy;
import io.lull.policy.Objectives;
import io.lull.policy.Reason;
import io.lull.policy.Signal;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import java.util.Set;

/**
 * Two fixed intervals, a short one while the guest sends much and a long one while it sends little: a reconstruction of
 * Adaptive Remus.
 *
 * <pre>
 * every window W:  rate = frames sent in W / W
 *   rate ≥ θ_hi:   one more vote for NETWORK, none left for PROCESSING
 *   rate ≤ θ_lo:   one more vote for PROCESSING, none left for NETWORK
 *   in between:    votes stay
 *   votes ≥ hold:  the mode changes
 * T = T_net in NETWORK, T_proc in PROCESSING;  checkpoint when now - start of the last pause ≥ T
 * </pre>
 *
 * <p>Regimes: a guest that only computes has few checkpoints; one that talks has the output delay of T_net; one between
 * the thresholds stays as it is; a burst after a silence waits up to T_proc, for hold windows.
 *
 * <p>Source: da Silva, Obelheiro, Koslovski, <i>Adaptive Remus: adaptive checkpointing for Xen-based virtual machine
 * replication</i>, IJPEDS 32(4), 2017, of which the abstract could be read and no more. It says: metrics of the VM tell
 * what load it bears; a network mode raises the frequency when much output leaves, a processing mode lowers it when
 * little does.
 *
 * <p>Left open by what could be read, hence a swept parameter: both intervals, both thresholds, the window, the number
 * of votes. Left open and chosen: the metric is frames sent by the guest, as the project's proposal reads it; the first
 * mode is PROCESSING.
 *
 * <p>Divergences: none from the reconstruction but those of every plan here. The guest runs at least half an interval
 * between pauses, and the worker's hard limits hold. {@link Objectives#maxEpochNanos()} does not bound T_proc, which is
 * the policy's own.
 */
public final class AdaptiveRemusPolicy extends NamedPolicy<AdaptiveRemusState> {
    public static final String NAME = "remus.adaptive";
    private static final double NANOS_PER_SECOND = 1e9;

    private final AdaptiveRemusSettings settings;

    public AdaptiveRemusPolicy(AdaptiveRemusSettings settings) {
        super(NAME, Set.of(Signal.NETWORK), AdaptiveRemusState.class, AdaptiveRemusState::new);
        this.settings = settings;
    }

    @Override
    public void onSample(AdaptiveRemusState state, SampleView sample, Objectives objectives) {
        state.windowNanos = sum(state.windowNanos, sample.intervalNanos);
        state.windowPackets = sum(state.windowPackets, sample.txPackets);
        if (state.windowNanos < settings.windowNanos()) {
            return;
        }
        // The rate is taken over what was seen: a window is longer than W by a part of a sample.
        vote(state, state.windowPackets * NANOS_PER_SECOND / state.windowNanos);
        state.windowNanos = 0;
        state.windowPackets = 0;
    }

    /** Absurd numbers from outside would make it a negative one, and the window would never end. */
    private static long sum(long counted, long more) {
        return counted > Long.MAX_VALUE - more ? Long.MAX_VALUE : counted + more;
    }

    private void vote(AdaptiveRemusState state, double packetsPerSecond) {
        if (packetsPerSecond >= settings.highPacketsPerSecond()) {
            state.networkVotes = Math.min(settings.holdWindows(), state.networkVotes + 1);
            state.processingVotes = 0;
        } else if (packetsPerSecond <= settings.lowPacketsPerSecond()) {
            state.processingVotes = Math.min(settings.holdWindows(), state.processingVotes + 1);
            state.networkVotes = 0;
        }
        if (state.networkVotes >= settings.holdWindows()) {
            enter(state, true);
        } else if (state.processingVotes >= settings.holdWindows()) {
            enter(state, false);
        }
    }

    private static void enter(AdaptiveRemusState state, boolean network) {
        if (state.network != network) {
            state.network = network;
            state.revision++;
        }
    }

    @Override
    public void onReport(AdaptiveRemusState state, EpochReport report, Objectives objectives) {}

    @Override
    public EpochPlan plan(AdaptiveRemusState state, Objectives objectives) {
        long intervalNanos = state.network ? settings.networkIntervalNanos() : settings.processingIntervalNanos();
        Reason reason = Reason.of(
                (state.network ? "network" : "processing") + " mode: interval of " + intervalNanos / 1000 + " us");
        return new EpochPlan(NAME, 0, intervalNanos, Conditions.NONE, objectives.placement(), reason);
    }
}
