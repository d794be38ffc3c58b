package io.lull.policy.lull;

import io.lull.policy.signal.SampleView;

/**
 * Tells clients that wait for their answers from those that go on whatever becomes of them.
 *
 * <pre>
 * reaction = 1 − (arrivals per time while the whole conversation is held) / (arrivals per time), 0..1
 *          = 0 where fewer than one arrives for {@value #UNANSWERED_FRAMES} frames sent: nobody answers
 * </pre>
 *
 * <p>Arrivals are bytes of payload, and a packet without payload counts as one byte, so that a download's bare
 * acknowledgements count where there is nothing else. Regimes: a closed loop sends nothing while all its answers are
 * held (1); an open one sends as ever (0); of a pool of clients that think in between, the share that was waiting is
 * missing. Listeners that never say anything wait for nothing, however long their messages are held (0): TCP acknowledges
 * every second frame at least, a datagram nobody. 1 while nothing is known: to release too early shows the truth, to
 * release too late hides it.
 */
final class Reaction {
    private static final double WHOLE_RATIO = 0.75;
    private static final long FRAME_HEADER_BYTES = 66;
    private static final double ENOUGH_NANOS = 5e6;
    static final int UNANSWERED_FRAMES = 16;

    private Reaction() {}

    static void update(ReactionState state, SampleView sample, boolean rests, LullState talk, long tauNanos) {
        double kept = Math.max(0, 1 - (double) sample.intervalNanos / tauNanos);
        double arrived =
                Math.max(0, sample.rxBytes - FRAME_HEADER_BYTES * sample.rxPackets) + (double) sample.rxPackets;
        state.arrivals = kept * state.arrivals + arrived;
        state.sentPackets = kept * state.sentPackets + sample.txPackets;
        state.nanos = kept * state.nanos + sample.intervalNanos;
        boolean released = state.heldPackets + sample.txPackets > sample.heldPackets;
        if (state.waits && !released) {
            state.waitingArrivals = kept * state.waitingArrivals + arrived;
            state.waitingNanos = kept * state.waitingNanos + sample.intervalNanos;
        }
        state.heldPackets = sample.heldPackets;
        state.waits = sample.heldPackets > 0
                && (rests
                        || (sample.requestsPending <= talk.stuckRequests
                                && sample.heldPackets >= WHOLE_RATIO * talk.talkPackets));
    }

    static double ratio(ReactionState state) {
        if (state.sentPackets >= UNANSWERED_FRAMES && state.arrivals * UNANSWERED_FRAMES < state.sentPackets) {
            return 0;
        }
        if (state.waitingNanos < ENOUGH_NANOS || state.arrivals <= 0) {
            return 1;
        }
        double waiting = state.waitingArrivals / state.waitingNanos;
        return Math.max(0, Math.min(1, 1 - waiting / (state.arrivals / state.nanos)));
    }
}
