package io.lull.policy.lull;

import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.Ewma;
import io.lull.policy.signal.SampleView;

/**
 * Learns how large a VM's conversation is and how fast its server works on it.
 *
 * <pre>
 * stuck     = requests that look pending when the guest rests, or says and hears nothing for {@value #LONG_QUIET_FRAMES}
 *             times as long as a frame takes: uploads, long polls
 * talk      = decaying maximum of (frames held + requests pending − stuck)
 * b         = busy time / (interval − pause)                              in samples over a pause too
 * b_full    = decaying maximum of b while the server has work
 * per frame = Σ (interval − pause) · min(1, b / b_full) / Σ frames sent   while the server has work
 * answered  = mean of b while nothing is pending or asked for, sent, or was received just now: what goes on beside the server;
 *             0 for the length of an epoch with output that ended while the vCPUs rested
 * </pre>
 *
 * <p>Samples alone take for work beside the server what the guest does just after a resume (write faults, timers that came
 * due in the pause), because where epochs are short hardly any other sample is answered. Work that goes on is still there
 * when the epoch ends, and that is not: a guest that rests then has none.
 */
final class Talk {
    private static final long TAU_NANOS = 1_000_000_000;
    private static final long BUSY_TAU_NANOS = 100_000_000;
    private static final double LEAST_RUN_RATIO = 0.2;
    private static final double LONG_QUIET_NANOS = 2_000_000;
    static final int LONG_QUIET_FRAMES = 8;
    private static final long LONG_BUSY_TAU_NANOS = 10_000_000_000L;

    private Talk() {}

    static void update(LullState state, SampleView sample, boolean rests) {
        double kept = Math.max(0, 1 - (double) sample.intervalNanos / TAU_NANOS);
        // A guest that stood still said nothing for our sake.
        boolean quiet = sample.txPackets == 0 && sample.rxPackets == 0 && sample.elapsedNanos >= sample.intervalNanos;
        state.quietNanos = quiet ? state.quietNanos + sample.intervalNanos : 0;
        if (rests || isLongQuiet(state) && sample.diskInFlight == 0) {
            // One that came in this very sample is not stuck.
            state.stuckRequests = Math.min(state.pendingBefore, sample.requestsPending);
        }
        // What is stuck stays: of fewer pending no more can be.
        state.stuckRequests = Math.min(state.stuckRequests, sample.requestsPending);
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
            boolean told = sample.rxPackets > 0 || state.rxBefore;
            boolean saidAll = answered && state.answered && !told && sample.txPackets == 0 && !asks(sample);
            if (saidAll && (epochs == 0 || justResumed)) {
                Ewma.update(state.answeredBusy, busy, sample.intervalNanos, BUSY_TAU_NANOS);
            }
        }
        Ewma.update(
                state.backgroundRatio, Ewma.meanOr(state.answeredBusy, 0), sample.intervalNanos, LONG_BUSY_TAU_NANOS);
        state.answered = answered;
        state.rxBefore = sample.rxPackets > 0;
    }

    /** Takes up how busy the guest was when an epoch ended, below {@code vacantBusyRatio} at rest. */
    static void learn(LullState state, EpochReport report, double vacantBusyRatio) {
        if (report.held().packets() > 0 && report.trigger().busyRatio() < vacantBusyRatio) {
            Ewma.update(state.answeredBusy, 0, report.lengthNanos(), BUSY_TAU_NANOS);
        }
    }

    /** Whether the guest owes a client something, an answer or a window that is not full yet. */
    private static boolean asks(SampleView sample) {
        for (int service = 0; service < sample.services; service++) {
            if (sample.serviceAsking[service] > 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLongQuiet(LullState state) {
        return state.quietNanos > LONG_QUIET_NANOS
                && state.quietNanos > LONG_QUIET_FRAMES * LullPolicy.nanosPerPacket(state);
    }
}
