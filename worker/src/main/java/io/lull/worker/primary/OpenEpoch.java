package io.lull.worker.primary;

import io.lull.worker.colo.Capture;

/**
 * The epoch that the guest is running, as it was when the guest was last resumed.
 *
 * @param number counts on over sessions, from 1
 * @param resumedAtNanos when the guest was resumed, monotonic
 * @param lastPauseNanos how long it had stood still before; 0 at first
 * @param lastLengthNanos how long the epoch before ran; 0 at first
 * @param lastDirtyPages the guest's dirty pages in the checkpoint before; 0 at first
 * @param totalDirtyPages of all checkpoints so far
 */
record OpenEpoch(
        long number,
        long resumedAtNanos,
        long lastPauseNanos,
        long lastLengthNanos,
        long lastDirtyPages,
        long totalDirtyPages) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** The first epoch of a worker. */
    static OpenEpoch first(long nowNanos) {
        return new OpenEpoch(1, nowNanos, 0, 0, 0, 0);
    }

    /** The epoch that begins where {@code capture} ended this one. */
    OpenEpoch next(Capture capture) {
        return new OpenEpoch(
                number + 1,
                capture.resumedAtNanos(),
                capture.pause().totalNanos(),
                lengthNanos(capture),
                capture.ramPages(),
                totalDirtyPages + capture.ramPages());
    }

    /**
     * The epoch as a new session finds it: the guest ran on in it, under the next number, since the session before may
     * have cut it without coming to its commit.
     */
    OpenEpoch renumbered() {
        return new OpenEpoch(
                number + 1, resumedAtNanos, lastPauseNanos, lastLengthNanos, lastDirtyPages, totalDirtyPages);
    }

    /** How long the guest ran in this epoch, which {@code capture} ended. */
    long lengthNanos(Capture capture) {
        return Math.max(0, capture.repliedAtNanos() - resumedAtNanos);
    }

    long elapsedNanos(long nowNanos) {
        return Math.max(0, nowNanos - resumedAtNanos);
    }

    /** Dirty pages to expect after {@code elapsedNanos}, in proportion to the epoch before; 0 when there was none. */
    long predictedDirtyPages(long elapsedNanos) {
        return lastLengthNanos <= 0 ? 0 : (long) (lastDirtyPages * ((double) elapsedNanos / lastLengthNanos));
    }

    /** How fast dirty pages are expected to grow, as {@link #predictedDirtyPages}; 0 when there was no epoch before. */
    double dirtyPagesPerSecond() {
        return lastLengthNanos <= 0 ? 0 : lastDirtyPages * (NANOS_PER_SECOND / lastLengthNanos);
    }
}
