package io.lull.worker.backup;

import io.lull.policy.Checks;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What a backup wrote to a place of its disk's copy.
 *
 * @param offsetBytes where
 * @param bytes how many
 * @param crc32c of them
 */
record DiskSample(long offsetBytes, int bytes, int crc32c) {
    /** More of a write is not kept. */
    static final int MAX_BYTES = 4096;

    DiskSample {
        Checks.notNegative("offsetBytes", offsetBytes);
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException("a disk's sample has 1 to " + MAX_BYTES + " bytes, not " + bytes);
        }
    }

    /** Of the begin of a write; the buffer stays as it is. */
    static DiskSample of(long offsetBytes, ByteBuffer data) {
        ByteBuffer begin = data.duplicate();
        begin.limit(begin.position() + Math.min(MAX_BYTES, begin.remaining()));
        int bytes = begin.remaining();
        CRC32C crc = new CRC32C();
        crc.update(begin);
        return new DiskSample(offsetBytes, bytes, (int) crc.getValue());
    }

    boolean touches(long fromBytes, long lengthBytes) {
        return offsetBytes < fromBytes + lengthBytes && fromBytes < offsetBytes + bytes;
    }
}
