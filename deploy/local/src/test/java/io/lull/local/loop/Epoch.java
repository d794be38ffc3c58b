package io.lull.local.loop;

import io.lull.policy.TriggerReason;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.sim.EpochPoint;

/**
 * One epoch, as the simulator or a worker's report tells it.
 *
 * @param number the epoch's
 * @param endedAtMicros when the guest was paused, the host's clock
 * @param lengthNanos how long the guest had run
 * @param pauseNanos how long it then stood still
 * @param commitNanos from paused to acknowledged
 * @param dirtyPages pages of the checkpoint
 * @param shippedBytes on the wire
 * @param releasedPackets frames that the commit let go
 */
public record Epoch(
        long number,
        TriggerReason reason,
        long endedAtMicros,
        long lengthNanos,
        long pauseNanos,
        long commitNanos,
        long dirtyPages,
        long shippedBytes,
        long releasedPackets) {
    static Epoch of(EpochPoint point) {
        return new Epoch(
                point.epoch(),
                point.reason(),
                point.endedAtNanos() / 1000,
                point.lengthNanos(),
                point.pauseNanos(),
                point.commitNanos(),
                point.dirtyPages(),
                point.shippedBytes(),
                point.releasedPackets());
    }

    /** As the worker reported it. */
    public static Epoch of(EpochReport report) {
        return new Epoch(
                report.epoch(),
                report.reason(),
                report.endedAtMicros(),
                report.lengthNanos(),
                report.pause().totalNanos(),
                report.stages().commitNanos(),
                report.pages().dirtyPages(),
                report.bytes().shippedBytes(),
                report.held().packets());
    }
}
