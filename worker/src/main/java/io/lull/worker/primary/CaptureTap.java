package io.lull.worker.primary;

import io.lull.worker.disk.DiskSink;
import io.lull.worker.page.StagedPages;

/**
 * Sees what a worker captures on its way to the backup, memory and disk; an oracle compares it with what is committed,
 * and tries itself by leaving something out. What it throws ends the session.
 */
public interface CaptureTap {
    /** Looks at nothing. */
    CaptureTap NONE = new CaptureTap() {};

    /**
     * All pages of an epoch are staged, its disk writes are logged, and the guest is still paused: the time of this call
     * is pause. Called on the capture thread.
     *
     * @param pages what will be shipped, device state included; valid only during the call
     */
    default void captured(long epoch, StagedPages pages) {}

    /** What takes a session's disk writes: {@code next} itself, or something before it. */
    default DiskSink diskWrites(DiskSink next) {
        return next;
    }
}
