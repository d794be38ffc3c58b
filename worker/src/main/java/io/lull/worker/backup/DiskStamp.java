package io.lull.worker.backup;

import io.lull.policy.Checks;

/**
 * How a disk's file was left: another stamp means that somebody else wrote to it.
 *
 * @param bytes its size
 * @param modifiedMicros when it was written to last, by the clock of its file system, microseconds since 1970
 */
record DiskStamp(long bytes, long modifiedMicros) {
    DiskStamp {
        Checks.notNegative("bytes", bytes);
    }
}
