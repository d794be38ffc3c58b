package io.lull.policy.lull;

import io.lull.policy.signal.SampleView;

/**
 * Learns how a VM's conversations begin: after what silences, and what goes on in these.
 *
 * <pre>
 * silent     = nothing held, nothing sent, nothing pending but what is stuck
 * beginnings = Σ ends of silences longer than {@value #LEAST_NANOS} ns
 * r_silent   = Σ time in such silences / Σ time                         all faded over {@value #TAU_NANOS} ns
 * b_silent   = Σ busy share · time in them / Σ time in them
 * </pre>
 *
 * <p>Gaps between the requests of one conversation are no silences. Regimes: 0 beginnings where clients never pause, or
 * never come; then nothing is to be made ready for.
 */
final class Silence {
    static final long LEAST_NANOS = 20_000_000;
    static final long TAU_NANOS = 10_000_000_000L;

    private Silence() {}

    static void update(SilenceState state, SampleView sample, int stuckRequests) {
        double kept = Math.max(0, 1 - (double) sample.intervalNanos / TAU_NANOS);
        state.beginnings *= kept;
        state.silentNanos *= kept;
        state.talkNanos *= kept;
        state.busyNanos *= kept;
        if (sample.heldPackets == 0 && sample.txPackets == 0 && sample.requestsPending <= stuckRequests) {
            state.sinceNanos = Math.min(Long.MAX_VALUE / 4, state.sinceNanos) + sample.intervalNanos;
        } else {
            state.beginnings += isSilent(state) ? 1 : 0;
            state.sinceNanos = 0;
        }
        if (isSilent(state)) {
            state.silentNanos += sample.intervalNanos;
            state.busyNanos += sample.busyRatio * sample.intervalNanos;
        } else {
            state.talkNanos += sample.intervalNanos;
        }
    }

    /** Whether nobody has said anything for longer than the gaps of a conversation are. */
    static boolean isSilent(SilenceState state) {
        return state.sinceNanos > LEAST_NANOS;
    }

    /** Beginnings per time in conversation, per nanosecond; 0 where none is known. */
    static double beginningsPerTalkNano(SilenceState state) {
        return state.beginnings / Math.max(LEAST_NANOS, state.talkNanos);
    }

    /** Share of the time that is silent. */
    static double silentRatio(SilenceState state) {
        return state.silentNanos / Math.max(1, state.silentNanos + state.talkNanos);
    }

    /** Busy share of the vCPUs in silences. */
    static double busyRatio(SilenceState state) {
        return Math.min(1, state.busyNanos / Math.max(1, state.silentNanos));
    }
}
