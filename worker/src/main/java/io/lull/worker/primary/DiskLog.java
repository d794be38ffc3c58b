package io.lull.worker.primary;

/** The epochs of a replicated disk, as the pipeline needs them. */
interface DiskLog {
    /** Ends the open epoch's writes; called while the guest is paused and its disks are drained. */
    void cut(long epoch);

    /** Bytes written in an epoch that was cut; to be asked once for each. */
    long takeBytesOf(long epoch);
}
