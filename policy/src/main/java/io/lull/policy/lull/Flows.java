package io.lull.policy.lull;

import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.Waiting;

/**
 * Learns what a VM's bulk flows lose by held output: a flow whose window is full of it stands still, however busy the
 * server is with its other clients.
 *
 * <pre>
 * full  = decaying maximum of connections with a full window
 * r     = 1 − Σ time · windows full / full / Σ time                 share of the time in which flows go on
 * price = (1 / r) / (1 / r + 1 / ran)                               ran: share of the time in which the guest runs
 * </pre>
 *
 * <p>Flows and what goes on beside them count by what each lacks of its own time, as in proportional fairness: the more
 * a flow starves, the dearer is its next moment. Regimes: 0 without flows; a half where flows and guest lack as much; towards 1
 * where flows hardly move. Faded over {@value #TAU_NANOS} ns. Source: this project.
 */
final class Flows {
    static final double TAU_NANOS = 2e9;
    private static final double LEAST_RATIO = 0.02;
    private static final double SEEN_RATIO = 0.5;

    private Flows() {}

    static void update(FlowState state, SampleView sample) {
        double kept = Math.max(0, 1 - sample.intervalNanos / TAU_NANOS);
        state.fullWindows = Math.max(1, Math.max(kept * state.fullWindows, sample.windowFull));
        state.seenRatio = sample.windowFull > 0 ? 1 : kept * state.seenRatio;
        state.nanos = kept * state.nanos + sample.intervalNanos;
        state.fullNanos =
                kept * state.fullNanos + Math.min(1, sample.windowFull / state.fullWindows) * sample.intervalNanos;
    }

    /** Share of the VM that counts as lost while all its flows stand still. */
    static double priceRatio(FlowState state, double ranRatio) {
        if (state.seenRatio < SEEN_RATIO || state.nanos <= 0) {
            return 0;
        }
        double flows = 1 / Math.max(LEAST_RATIO, 1 - state.fullNanos / state.nanos);
        return flows / (flows + 1 / ranRatio);
    }

    /** Share of the VM that its flows lose in this sample, with what is held of any epoch. */
    static double lossRatio(LullState state, SampleView sample) {
        double blocked = Waiting.blocked(
                sample, sample.heldPackets, state.talkPackets, state.stuckRequests, state.flows.fullWindows);
        return priceRatio(state.flows, LossRate.ranRatio(state.loss)) * blocked;
    }
}
