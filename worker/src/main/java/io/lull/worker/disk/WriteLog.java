package io.lull.worker.disk;

import io.lull.policy.Checks;
import java.nio.ByteBuffer;

/**
 * Numbers disk writes with the epoch that they were made in, hands them to the sink, and counts. The cut may come from
 * any thread, and never waits for the sink.
 */
public final class WriteLog {
    /** The sink gets no longer write than this. */
    public static final int MAX_RECORD_BYTES = 256 << 10;

    private static final ByteBuffer ZEROES =
            ByteBuffer.allocateDirect(MAX_RECORD_BYTES).asReadOnlyBuffer();

    private final DiskSink sink;
    private long openEpoch;
    private long records;
    private long bytes;
    private long writes;
    private long writeBytes;
    private long flushes;
    private int inFlight;
    private long cutRecords;
    private long cutBytes;
    private int cutInFlight;

    /**
     * A log without records.
     *
     * @param firstEpoch the number of the epoch that is open now
     */
    public WriteLog(DiskSink sink, long firstEpoch) {
        this.sink = sink;
        this.openEpoch = Checks.notNegative("firstEpoch", firstEpoch);
    }

    /**
     * Ends the open epoch and opens the next, by one larger. To be called while QEMU is paused and drained. All records
     * of the ended epoch are with the sink then, unless requests are in flight. Allocates nothing.
     *
     * @param epoch the open one; another means that the caller has lost count, and is a bug
     * @return {@link EpochTotals#inFlight} of the ended epoch
     */
    public synchronized int cut(long epoch) {
        if (epoch != openEpoch) {
            throw new IllegalStateException(
                    "epoch " + epoch + " is to be cut, the disk log's open one is " + openEpoch);
        }
        cutRecords = records;
        cutBytes = bytes;
        cutInFlight = inFlight;
        openEpoch++;
        records = 0;
        bytes = 0;
        return inFlight;
    }

    /** What the epoch has written that was cut last. */
    public synchronized EpochTotals lastCut() {
        return new EpochTotals(openEpoch - 1, cutRecords, cutBytes, cutInFlight);
    }

    public synchronized WriteCounts counters() {
        return new WriteCounts(writes, writeBytes, flushes, inFlight);
    }

    /** Notes the arrival of a write, zero or trim request that brings {@code dataBytes} of data. */
    synchronized void writeArrived(int dataBytes) {
        writes++;
        writeBytes += dataBytes;
        inFlight++;
    }

    synchronized void flushArrived() {
        flushes++;
        inFlight++;
    }

    /** Notes that a request is about to be answered; before the answer, so that a drained QEMU sees none in flight. */
    synchronized void answered() {
        inFlight--;
    }

    /** Hands on a piece of a write, as a zero record if it is all zero. */
    void write(long offset, ByteBuffer data) {
        int length = data.remaining();
        if (length > MAX_RECORD_BYTES) {
            throw new IllegalArgumentException("a record of " + length + " bytes, allowed are " + MAX_RECORD_BYTES);
        }
        if (ZEROES.slice(0, length).mismatch(data) < 0) {
            zero(offset, length);
        } else {
            sink.write(count(length), offset, data);
        }
    }

    void zero(long offset, long length) {
        sink.zero(count(0), offset, length);
    }

    private synchronized long count(int dataBytes) {
        records++;
        bytes += dataBytes;
        return openEpoch;
    }
}
