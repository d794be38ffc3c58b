package io.lull.policy.lull;

import io.lull.policy.signal.SampleView;

/**
 * The long-run average loss g: the share of the VM that is lost to pauses and to a server that starves because answers
 * are held.
 *
 * <pre>
 * g = (Σ W·q·s·dt + Σ pause · max(0, b − W·q·s)) / Σ dt          both faded over some tau
 * </pre>
 *
 * with b the busy share when the worker fired. What waits is counted through the pause as well, so that a pause costs
 * in all max(b, W·q·s) a moment: a VM loses each moment once. A conversation that ended is no longer part of the
 * average: a silence ({@link Silence}) counts no more, so that what was learned is there when the next one begins.
 */
final class LossRate {
    private static final double LEAST_RATIO = 0.02;

    private LossRate() {}

    /**
     * Takes up a sample in which the server went without the share {@code starving} of its work.
     *
     * @param waiting the share of the VM that was lost to what waits: W·q·s
     */
    static void onSample(LossState state, SampleView sample, double starving, double waiting, long tauNanos) {
        double kept = Math.max(0, 1 - (double) sample.intervalNanos / tauNanos);
        state.lostNanos = kept * state.lostNanos + waiting * sample.intervalNanos;
        state.nanos = kept * state.nanos + sample.intervalNanos;
        state.unservedNanos = kept * state.unservedNanos + starving * sample.intervalNanos;
        state.pausedNanos *= kept;
        state.waiting = waiting;
        state.starving = starving;
    }

    /** Nobody talks: nothing waits. */
    static void onSilence(LossState state) {
        state.waiting = 0;
        state.starving = 0;
    }

    /** Takes up the pause that ended an epoch of a conversation, and the busy share before it. */
    static void onPause(LossState state, long pauseNanos, double busyRatio) {
        state.pausedNanos += pauseNanos;
        state.unservedNanos += (1 - state.starving) * pauseNanos;
        state.lostNanos += Math.max(0, busyRatio - state.waiting) * pauseNanos;
    }

    /** Share of the time in which the server worked on requests, or had none to work on; 1 before the first sample. */
    static double servedRatio(LossState state) {
        return state.nanos > 0 ? Math.max(LEAST_RATIO, 1 - state.unservedNanos / state.nanos) : 1;
    }

    /** Share of the time in which the guest ran; 1 before the first sample. */
    static double ranRatio(LossState state) {
        return state.nanos > 0 ? Math.max(LEAST_RATIO, 1 - state.pausedNanos / state.nanos) : 1;
    }

    /** g, a share; 0 before the first sample. */
    static double ratio(LossState state) {
        return state.nanos > 0 ? state.lostNanos / state.nanos : 0;
    }
}
