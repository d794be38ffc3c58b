package io.lull.worker.primary;

/**
 * The epoch that the guest is running, as it was when the guest was last resumed.
 *
 * @param number counts on over sessions, from 1
 * @param resumedAtNanos when the guest was resumed, monotonic
 * @param lastPauseNanos how long it had stood still before; 0 at first
 * @param lastDirtyPages the guest's dirty pages in the checkpoint before; 0 at first
 */
record OpenEpoch(long number, long resumedAtNanos, long lastPauseNanos, long lastDirtyPages) {
    long elapsedNanos(long nowNanos) {
        return Math.max(0, nowNanos - resumedAtNanos);
    }
}
