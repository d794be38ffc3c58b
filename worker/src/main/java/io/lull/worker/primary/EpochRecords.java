package io.lull.worker.primary;

import io.lull.worker.disk.EpochFullException;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers the records of each open epoch and keeps their checksums, so that the epoch's end can name them all.
 * Thread-safe: page workers and the disk log add records at once.
 */
final class EpochRecords {
    private final Map<Long, Numbers> open = new HashMap<>();
    private final int maxRecords;

    private static final class Numbers {
        private int[] crcs = new int[64];
        private int count;
        private long pages;
        private long wireBytes;
        private long frameBytes;
    }

    EpochRecords() {
        this(FrameHeader.MAX_RECORDS);
    }

    /** With fewer records to an epoch than the protocol allows. */
    EpochRecords(int maxRecords) {
        this.maxRecords = maxRecords;
    }

    /**
     * Takes the next sequence number of the epoch for a record with this checksum and payload.
     *
     * @param pages in its chunk, 0 for a record of the disk
     * @throws EpochFullException when the epoch has as many records as one may have
     */
    synchronized int next(long epoch, int crc32c, int payloadBytes, int pages) {
        Numbers numbers = open.computeIfAbsent(epoch, ignored -> new Numbers());
        if (numbers.count == maxRecords) {
            throw new EpochFullException("the guest writes too much to its disk while that is copied: raise"
                    + " disk.copyMebibytesPerSecond and backup.sendMebibytesPerSecond, where they are set, or start"
                    + " when it is quiet (epoch " + epoch + " has " + maxRecords + " records, the most that one may)");
        }
        if (numbers.count == numbers.crcs.length) {
            numbers.crcs = Arrays.copyOf(numbers.crcs, numbers.crcs.length * 2);
        }
        numbers.crcs[numbers.count] = crc32c;
        numbers.pages += pages;
        numbers.wireBytes += payloadBytes;
        numbers.frameBytes += FrameHeader.BYTES + payloadBytes;
        return numbers.count++;
    }

    /**
     * The frame that ends an epoch, and what the epoch took on the wire.
     *
     * @param wireBytes all frames of the epoch, headers and this one included
     */
    record End(Frame frame, long wireBytes) {}

    /** Closes an epoch; no record may be added afterwards. */
    synchronized End end(long epoch, int deviceStateBytes) {
        Numbers numbers = open.remove(epoch);
        if (numbers == null) {
            numbers = new Numbers();
        }
        EpochEnd end = new EpochEnd(
                numbers.count,
                EpochEnd.rollingCrc(numbers.crcs, numbers.count),
                deviceStateBytes,
                numbers.pages,
                numbers.wireBytes);
        Frame frame = end.frame(epoch);
        return new End(
                frame, numbers.frameBytes + FrameHeader.BYTES + frame.header().payloadBytes());
    }
}
