package io.lull.worker.backup;

import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The redo log of one epoch: the checked, uncompressed bodies of its records, in memory, and in a file once the memory
 * that all logs share is used up.
 */
final class EpochLog implements AutoCloseable {
    /** A record's place: its slab and offset, or this bit and a position in the file. */
    private static final long IN_FILE = 1L << 62;

    private static final FrameType[] TYPES = FrameType.values();
    private static final int FIRST_RECORDS = 64;
    /** How far a record may be ahead of the number that have come: memory grows with what came, whatever a frame says. */
    private static final int MAX_AHEAD = 1 << 18;

    /** Takes the records of an epoch in sequence order. */
    interface Visitor {
        void record(FrameType type, ByteBuffer body) throws IOException;
    }

    private final long epoch;
    private final SlabPool slabs;
    private final Path spillDirectory;
    private final List<ByteBuffer> mine = new ArrayList<>();
    private byte[] types = new byte[FIRST_RECORDS];
    private int[] lengths = new int[FIRST_RECORDS];
    private int[] crcs = new int[FIRST_RECORDS];
    private long[] places = new long[FIRST_RECORDS];
    private int count;
    private int highest = -1;
    private long bytes;
    private long pages;
    private long payloadBytes;
    private long spilled;
    private @Nullable FileChannel file;
    private @Nullable EpochEnd end;

    EpochLog(long epoch, SlabPool slabs, Path spillDirectory) {
        this.epoch = epoch;
        this.slabs = slabs;
        this.spillDirectory = spillDirectory;
        Arrays.fill(types, (byte) -1);
    }

    long epoch() {
        return epoch;
    }

    long bytes() {
        return bytes;
    }

    EpochEnd end() {
        if (end == null) {
            throw new IllegalStateException("epoch " + epoch + " is still open");
        }
        return end;
    }

    /** What came, counted here. */
    Received received() {
        return new Received(count, pages, payloadBytes);
    }

    /** Keeps a copy of a record's body; the header is that of the frame as it came. */
    void append(FrameHeader header, ByteBuffer body) throws IOException {
        int sequence = header.sequence();
        if (sequence - count >= MAX_AHEAD) {
            throw new ProtocolException("record " + sequence + " of epoch " + epoch + " came when only " + count
                    + " had: at most " + MAX_AHEAD + " may be missing");
        }
        growTo(sequence);
        if (types[sequence] >= 0) {
            throw new ProtocolException("record " + sequence + " of epoch " + epoch + " came twice");
        }
        int length = body.remaining();
        places[sequence] = store(body);
        types[sequence] = (byte) header.type().ordinal();
        lengths[sequence] = length;
        crcs[sequence] = header.crc32c();
        highest = Math.max(highest, sequence);
        count++;
        bytes += length;
        pages += header.pages();
        payloadBytes += header.payloadBytes();
    }

    private void growTo(int sequence) {
        if (sequence < types.length) {
            return;
        }
        int size = Math.min(FrameHeader.MAX_RECORDS, Math.max(sequence + 1, 2 * types.length));
        int before = types.length;
        types = Arrays.copyOf(types, size);
        Arrays.fill(types, before, size, (byte) -1);
        lengths = Arrays.copyOf(lengths, size);
        crcs = Arrays.copyOf(crcs, size);
        places = Arrays.copyOf(places, size);
    }

    private long store(ByteBuffer body) throws IOException {
        ByteBuffer slab = mine.isEmpty() ? null : mine.get(mine.size() - 1);
        if (slab == null || slab.remaining() < body.remaining()) {
            Optional<ByteBuffer> fresh = slabs.take();
            if (fresh.isEmpty()) {
                return spill(body);
            }
            slab = fresh.get();
            mine.add(slab);
        }
        long place = (long) (mine.size() - 1) << 32 | slab.position();
        slab.put(body.duplicate());
        return place;
    }

    private long spill(ByteBuffer body) throws IOException {
        if (file == null) {
            // Without a name once it is open, so that a crash leaves nothing behind.
            file = FileChannel.open(
                    Files.createTempFile(spillDirectory, "redo-" + epoch + "-", ".spill"),
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
        }
        long place = IN_FILE | spilled;
        ByteBuffer left = body.duplicate();
        while (left.hasRemaining()) {
            spilled += file.write(left, spilled);
        }
        return place;
    }

    /** Checks that the epoch is complete, and what its end says of it against what was counted here. */
    void seal(EpochEnd received) throws ProtocolException {
        if (count != received.recordCount() || highest != count - 1) {
            throw new ProtocolException("epoch " + epoch + " ends after " + count + " records up to " + highest
                    + ", its end says " + received.recordCount());
        }
        int crc = EpochEnd.rollingCrc(crcs, count);
        if (crc != received.rollingCrc()) {
            throw new ProtocolException("epoch " + epoch + " has the rolling CRC " + Integer.toHexString(crc)
                    + ", its end says " + Integer.toHexString(received.rollingCrc()));
        }
        if (pages != received.sentPages() || payloadBytes != received.wireBytes()) {
            throw new ProtocolException("epoch " + epoch + " is corrupt: " + pages + " pages in " + payloadBytes
                    + " payload bytes came, its end says " + received.sentPages() + " in " + received.wireBytes());
        }
        end = received;
    }

    /** Hands out all records in sequence order; a body is valid during its call. */
    void forEach(Visitor visitor) throws IOException {
        ByteBuffer scratch = ByteBuffer.allocateDirect(spilled > 0 ? FrameHeader.MAX_BODY_BYTES : 0);
        for (int i = 0; i < count; i++) {
            visitor.record(TYPES[types[i]], body(i, scratch));
        }
    }

    private ByteBuffer body(int sequence, ByteBuffer scratch) throws IOException {
        long place = places[sequence];
        if ((place & IN_FILE) == 0) {
            return mine.get((int) (place >>> 32)).slice((int) place, lengths[sequence]);
        }
        scratch.clear().limit(lengths[sequence]);
        long from = place & ~IN_FILE;
        while (scratch.hasRemaining()) {
            if (file == null || file.read(scratch, from + scratch.position()) < 0) {
                throw new IOException(
                        "redo log file in " + spillDirectory + " lost record " + sequence + " of epoch " + epoch);
            }
        }
        return scratch.flip();
    }

    /** Frees what it holds. */
    @Override
    public void close() {
        mine.forEach(slabs::give);
        mine.clear();
        count = 0;
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new IllegalStateException("cannot remove redo log file in " + spillDirectory + ": " + e, e);
            }
            file = null;
        }
    }
}
