package io.lull.worker.primary;

import java.io.IOException;

/** The epochs of a replicated disk, as the pipeline needs them. */
interface DiskLog {
    /** Copies the disk for the first time; writes are logged from then on. The guest runs; returns when it is done. */
    void begin() throws IOException;

    /**
     * Ends the open epoch's writes; called while the guest is paused and its disks are drained.
     *
     * @throws IOException when writes of the epoch may be missing
     */
    void cut(long epoch) throws IOException;

    /** Bytes written in the epoch that was cut last. */
    long bytesOf(long epoch);
}
