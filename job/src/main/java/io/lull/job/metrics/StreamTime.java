package io.lull.job.metrics;

/**
 * What time it is for a subtask: how far the event time of all that it is sent has come, and what a clock says.
 *
 * @param watermarkMillis Flink's watermark; {@link Long#MIN_VALUE} before the first, {@link Long#MAX_VALUE} at the end
 * @param clockMillis by this machine's clock
 * @param listeningSinceMillis when the subtask was started, by the same clock: what was silent before was not heard
 */
record StreamTime(long watermarkMillis, long clockMillis, long listeningSinceMillis) {
    /** There was no watermark yet. */
    boolean isBeginning() {
        return watermarkMillis == Long.MIN_VALUE;
    }

    /** Nothing comes any more. */
    boolean isEnd() {
        return watermarkMillis == Long.MAX_VALUE;
    }
}
