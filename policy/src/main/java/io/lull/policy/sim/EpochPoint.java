package io.lull.policy.sim;

import io.lull.policy.TriggerReason;

/**
 * One epoch of a run, for a plot over time and for explaining it.
 *
 * @param epoch its number
 * @param endedAtNanos when the guest was paused, simulated time
 * @param lengthNanos how long the guest had run
 * @param pauseNanos how long it then stood still
 * @param commitNanos from paused to acknowledged
 * @param dirtyPages pages of the checkpoint
 * @param shippedBytes on the wire
 * @param releasedPackets frames that the commit let go
 * @param inSlot whether the pause took nothing: the guest had nothing to do when it was paused
 */
public record EpochPoint(
        long epoch,
        TriggerReason reason,
        long endedAtNanos,
        long lengthNanos,
        long pauseNanos,
        long commitNanos,
        long dirtyPages,
        long shippedBytes,
        long releasedPackets,
        boolean inSlot) {}
