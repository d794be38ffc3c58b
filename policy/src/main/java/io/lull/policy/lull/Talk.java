package io.lull.policy.lull;

import io.lull.policy.signal.Ewma;
import io.lull.policy.signal.SampleView;

/**
 * Learns how large a VM's conversation is and how fast its server works on it.
 *
 * <pre>
 * stuck     = requests that look pending when the guest rests: uploads, long polls
 * talk      = decaying maximum of (frames held + requests pending − stuck)
 * b         = busy time / (interval − pause)                              in samples over a pause too
 * b_full    = decaying maximum of b while the server has work
 * per frame = Σ (interval − pause) · min(1, b / b_full) / Σ frames sent   while the server has work
 * answered  = mean of b while nothing is pending and nothing is sent: what goes on beside the server
 * </pre>
 */
final class Talk {
    private static final long TAU_NANOS = 1_000_000_000;
    private static final long BUSY_TAU_NANOS = 100_000_000;
    private static final double LEAST_RUN_RATIO = 0.2;

    private Talk() {}

    static void update(LullState state, SampleView sample, boolean rests) {
        double kept = Math.max(0, 1 - (double) sample.intervalNanos / TAU_NANOS);
        if (rests) {
            // One that came in this very sample is not stuck.
            state.stuckRequests = Math.min(state.pendingBefore, sample.requestsPending);
        }
        state.pendingBefore = sample.requestsPending;
        int pending = Math.max(0, sample.requestsPending - state.stuckRequests);
        state.talkPackets = Math.max(1, Math.max(kept * state.talkPackets, (double) sample.heldPackets + pending));
        long epochs = Math.max(0, sample.epoch - state.epoch);
        state.epoch = sample.epoch;
        boolean justResumed = state.pausedBefore && epochs > 0;
        double ranNanos =
                justResumed ? sample.elapsedNanos : sample.intervalNanos - (double) epochs * state.lastPauseNanos;
        state.pausedBefore = sample.elapsedNanos == 0;
        boolean answered = pending == 0;
        if (sample.elapsedNanos > 0 && ranNanos >= LEAST_RUN_RATIO * sample.intervalNanos) {
            double busy = Math.min(1, sample.busyRatio * sample.intervalNanos / ranNanos);
            if (!answered || sample.txPackets > 0) {
                state.saturatedBusyRatio = Math.max(kept * state.saturatedBusyRatio, busy);
                double worked = Math.min(1, busy / Math.max(LEAST_RUN_RATIO, state.saturatedBusyRatio));
                state.workedNanos = kept * state.workedNanos + ranNanos * worked;
                state.workedPackets = kept * state.workedPackets + sample.txPackets;
            }
            if (answered && state.answered && (epochs == 0 || justResumed) && sample.txPackets == 0) {
                Ewma.update(state.answeredBusy, busy, sample.intervalNanos, BUSY_TAU_NANOS);
            }
            Ewma.update(state.busy, busy, sample.intervalNanos, BUSY_TAU_NANOS);
        }
        state.answered = answered;
    }
}
