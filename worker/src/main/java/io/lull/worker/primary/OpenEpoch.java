package io.lull.worker.primary;

import io.lull.worker.capture.Capture;

/**
 * The epoch that the guest is running, as it was when the guest was last resumed.
 *
 * @param number counts on over sessions, from 1
 * @param resumedAtNanos when the guest was resumed, monotonic
 * @param lastPauseNanos how long it had stood still before; 0 at first
 * @param totalDirtyPages of all checkpoints so far
 * @param checkpointed whether it began with a checkpoint; else its dirty pages were counted from some later moment, when
 *     a session had copied the memory
 * @param forecast what the epochs before lead to expect
 * @param standsStill whether the guest is paused at its end, so that nothing that is seen of it now is the guest's doing
 */
record OpenEpoch(
        long number,
        long resumedAtNanos,
        long lastPauseNanos,
        long totalDirtyPages,
        boolean checkpointed,
        DirtyForecast forecast,
        boolean standsStill) {
    /** An epoch in which the guest runs. */
    OpenEpoch(
            long number,
            long resumedAtNanos,
            long lastPauseNanos,
            long totalDirtyPages,
            boolean checkpointed,
            DirtyForecast forecast) {
        this(number, resumedAtNanos, lastPauseNanos, totalDirtyPages, checkpointed, forecast, false);
    }

    /** The first epoch of a worker. */
    static OpenEpoch first(long nowNanos) {
        return new OpenEpoch(1, nowNanos, 0, 0, false, DirtyForecast.NONE);
    }

    /** The epoch that begins where {@code capture} ended this one. */
    OpenEpoch next(Capture capture) {
        return new OpenEpoch(
                number + 1,
                capture.resumedAtNanos(),
                capture.pause().totalNanos(),
                totalDirtyPages + capture.ramPages(),
                true,
                checkpointed ? forecast.after(lengthNanos(capture), capture.ramPages()) : forecast);
    }

    /** The same epoch with the guest paused at its end, until {@link #next}. */
    OpenEpoch paused() {
        return new OpenEpoch(number, resumedAtNanos, lastPauseNanos, totalDirtyPages, checkpointed, forecast, true);
    }

    /**
     * The epoch as a new session finds it: the guest ran on in it, under the next number, since the session before may
     * have cut it without coming to its commit.
     */
    OpenEpoch renumbered() {
        return new OpenEpoch(number + 1, resumedAtNanos, lastPauseNanos, totalDirtyPages, false, forecast);
    }

    /** How long the guest ran in this epoch, which {@code capture} ended. */
    long lengthNanos(Capture capture) {
        return Math.max(0, capture.repliedAtNanos() - resumedAtNanos);
    }

    /** How long the guest has run in this epoch; 0 while it stands still: a pause is no rest of the guest's. */
    long elapsedNanos(long nowNanos) {
        return standsStill ? 0 : Math.max(0, nowNanos - resumedAtNanos);
    }
}
