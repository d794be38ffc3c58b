package io.lull.worker.primary;

import io.lull.worker.protocol.FrameHeader;
import java.util.Optional;

/** What is known of the first copy of a disk before it begins. */
final class FirstCopy {
    /** QEMU's mirror tells in pieces of this size what is to be copied: a record of the copy has no less, and 256 KiB at most. */
    static final int GRANULARITY_BYTES = 64 << 10;

    private FirstCopy() {}

    /** Why the copy of a disk may need more records by itself than an epoch may have; empty where it can't. */
    static Optional<String> warning(long diskBytes) {
        long records = (diskBytes + GRANULARITY_BYTES - 1) / GRANULARITY_BYTES;
        if (records <= FrameHeader.MAX_RECORDS) {
            return Optional.empty();
        }
        return Optional.of("the first copy of " + diskBytes + " bytes alone may take " + records
                + " records where data is scattered, and the epoch that it belongs to has " + FrameHeader.MAX_RECORDS
                + " at most: the session may end for that. Start it when the guest is quiet, or use a smaller disk");
    }
}
