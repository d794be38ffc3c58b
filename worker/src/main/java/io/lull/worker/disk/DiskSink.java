package io.lull.worker.disk;

import java.nio.ByteBuffer;

/**
 * Takes the numbered disk writes towards the backup. Called by one thread at a time, in the order of the writes; it may
 * block, which slows the guest's writes down, and delays the pause while QEMU drains.
 */
public interface DiskSink {
    /**
     * Takes a write; an {@link EpochFullException} says that its epoch takes no more.
     *
     * @param data at most 256 KiB, from position to limit; valid only during the call
     */
    void write(long epoch, long offset, ByteBuffer data);

    /** Takes the writing of {@code length} bytes of zeroes, as {@link #write}. */
    void zero(long epoch, long offset, long length);
}
