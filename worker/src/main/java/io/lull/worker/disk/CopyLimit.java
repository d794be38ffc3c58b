package io.lull.worker.disk;

import io.lull.policy.Checks;

/**
 * How much the copy of a disk's old contents may disturb a guest that is checkpointed meanwhile.
 *
 * @param bytesPerSecond at which it copies
 * @param bufferBytes that it has under way at most: a pause waits for them
 */
public record CopyLimit(long bytesPerSecond, long bufferBytes) {
    /** 20 MB/s and 1 MiB, which keep a pause within some milliseconds. */
    public static final CopyLimit WHILE_ARMED = new CopyLimit(20_000_000, 1 << 20);

    public CopyLimit {
        Checks.positive("bytesPerSecond", bytesPerSecond);
        Checks.positive("bufferBytes", bufferBytes);
    }
}
