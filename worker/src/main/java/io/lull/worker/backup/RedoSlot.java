package io.lull.worker.backup;

import io.lull.worker.page.OffHeap;
import io.lull.worker.protocol.FrameHeader;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A file with the redo log of one epoch at a time, used again for a later one.
 *
 * <pre>
 *      0 u32 status: 0 idle, 1 open, 2 sealed     8 the seal, once there is one     4096 records
 *
 *   IDLE --open--&gt; OPEN --seal: written first, and then the status--&gt; SEALED --clear, once it is applied--&gt; IDLE
 * </pre>
 *
 * <p>A record ({@link RedoHead}, body) lies in one piece of {@value #PIECE_BYTES} bytes. The first pieces are mapped: keeping a
 * record is a copy within memory, as it would be without a file. What the process has no mapping left for is written with a call.
 * Either way it is in the kernel's page cache at once, and outlives the process, not the host. Room is taken before a piece is
 * mapped, so that a full file system is an {@link IOException} and not a fault at an address. One thread at a time.
 */
final class RedoSlot {
    static final int PIECE_BYTES = SlabStock.SLAB_BYTES;
    /** Pieces that a slot keeps mapped while it is idle, without asking for a share of the process'. */
    static final int WARM_PIECES = 4;

    private static final int SEAL_AT = 8;
    private static final int FIRST_RECORD_AT = 4096;
    private static final int IDLE = 0;
    private static final int OPEN = 1;
    private static final int SEALED = 2;
    private static final int ZERO_BYTES = 1 << 16;

    private final Path file;
    private final FileChannel channel;
    private final SlabPool slabs;
    private final Consumer<RedoSlot> released;
    private final List<MappedByteBuffer> pieces = new ArrayList<>();
    private final ByteBuffer head = ByteBuffer.allocateDirect(RedoHead.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long end = FIRST_RECORD_AT;
    private boolean spilling;

    private RedoSlot(Path file, FileChannel channel, SlabPool slabs, Consumer<RedoSlot> released) {
        this.file = file;
        this.channel = channel;
        this.slabs = slabs;
        this.released = released;
    }

    /**
     * A new one, idle.
     *
     * @param released told when it isn't used any more
     */
    static RedoSlot create(Path file, SlabPool slabs, Consumer<RedoSlot> released) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        RedoSlot slot = new RedoSlot(file, channel, slabs, released);
        try {
            slot.growTo(0);
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(file);
            throw e;
        }
        return slot;
    }

    /** One that an earlier process left, for looking only. */
    static RedoSlot left(Path file) throws IOException {
        return new RedoSlot(
                file, FileChannel.open(file, StandardOpenOption.READ), new SlabPool(1, new SlabStock(1)), slot -> {});
    }

    /** An epoch's records come from now on. */
    void open() {
        status(OPEN);
    }

    /** Keeps a record; returns the place of its body. */
    long append(FrameHeader header, ByteBuffer body) throws IOException {
        int length = RedoHead.BYTES + body.remaining();
        long left = PIECE_BYTES - end % PIECE_BYTES;
        if (left < length) {
            endPiece(left);
        }
        growTo((int) (end / PIECE_BYTES));
        long at = end;
        RedoHead own = RedoHead.of(header, body.remaining());
        int piece = (int) (at / PIECE_BYTES);
        if (piece < pieces.size()) {
            int within = (int) (at % PIECE_BYTES);
            own.put(pieces.get(piece), within);
            pieces.get(piece).put(within + RedoHead.BYTES, body, body.position(), body.remaining());
        } else {
            own.put(head.clear(), 0);
            write(head, at);
            write(body.duplicate(), at + RedoHead.BYTES);
        }
        end = at + length;
        return at + RedoHead.BYTES;
    }

    /** No record straddles two pieces. */
    private void endPiece(long left) throws IOException {
        if (left >= RedoHead.BYTES) {
            int piece = (int) (end / PIECE_BYTES);
            if (piece < pieces.size()) {
                RedoHead.putEnd(pieces.get(piece), (int) (end % PIECE_BYTES));
            } else {
                RedoHead.putEnd(head.clear(), 0);
                write(head, end);
            }
        }
        end += left;
    }

    private void growTo(int piece) throws IOException {
        while (pieces.size() <= piece && !spilling) {
            boolean counted = pieces.size() >= WARM_PIECES;
            if (counted && !slabs.take()) {
                spilling = true;
                return;
            }
            try {
                pieces.add(mapped(pieces.size()));
            } catch (IOException | RuntimeException e) {
                if (counted) {
                    slabs.give();
                }
                throw e;
            }
        }
    }

    private MappedByteBuffer mapped(int piece) throws IOException {
        long from = (long) piece * PIECE_BYTES;
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZERO_BYTES);
        for (int at = 0; at < PIECE_BYTES; at += ZERO_BYTES) {
            write(zeros.clear(), from + at);
        }
        MappedByteBuffer mapping = channel.map(FileChannel.MapMode.READ_WRITE, from, PIECE_BYTES);
        mapping.order(ByteOrder.LITTLE_ENDIAN);
        return mapping;
    }

    private void write(ByteBuffer bytes, long at) throws IOException {
        long to = at;
        while (bytes.hasRemaining()) {
            to += channel.write(bytes, to);
        }
    }

    /** Bytes in use, the slot's head included. */
    long logBytes() {
        return end;
    }

    /** When this returns, the epoch outlives the process. */
    void seal(RedoSeal seal) {
        ByteBuffer record = seal.encode();
        pieces.get(0).put(SEAL_AT, record, 0, record.limit());
        status(SEALED);
    }

    /** All that was written before is seen by whoever sees the status. */
    private void status(int next) {
        VarHandle.fullFence();
        pieces.get(0).putInt(0, next);
        VarHandle.fullFence();
    }

    /** Whether bodies may have to be read from the file. */
    boolean needsScratch() {
        return spilling || pieces.isEmpty();
    }

    /**
     * A record's body, valid until the next call.
     *
     * @param scratch room for one that isn't mapped
     */
    ByteBuffer body(long place, int length, ByteBuffer scratch) throws IOException {
        int piece = (int) (place / PIECE_BYTES);
        return piece < pieces.size()
                ? pieces.get(piece).slice((int) (place % PIECE_BYTES), length)
                : read(place, length, scratch);
    }

    private ByteBuffer read(long from, int length, ByteBuffer into) throws IOException {
        into.clear().limit(length);
        while (into.hasRemaining()) {
            if (channel.read(into, from + into.position()) < 0) {
                throw new UnreadableException(file + " ends before byte " + (from + length));
            }
        }
        return into.flip();
    }

    /** Takes what was found. */
    interface Finder {
        void record(RedoHead head, long place) throws IOException;
    }

    /** What an earlier process promised here; empty when the epoch wasn't complete, or is in the image. */
    Optional<RedoSeal> found() throws IOException {
        ByteBuffer page = ByteBuffer.allocate(FIRST_RECORD_AT).order(ByteOrder.LITTLE_ENDIAN);
        if (channel.size() < FIRST_RECORD_AT) {
            return Optional.empty();
        }
        read(0, FIRST_RECORD_AT, page);
        int status = page.getInt(0);
        if (status == IDLE || status == OPEN) {
            return Optional.empty();
        }
        if (status != SEALED) {
            throw new UnreadableException(file + " has the status " + Integer.toUnsignedString(status));
        }
        return Optional.of(RedoSeal.decode(page.position(SEAL_AT), file.toString()));
    }

    /** Finds the records of a slot that an earlier process sealed, and checks each body's CRC. */
    void scan(RedoSeal seal, Finder finder) throws IOException {
        ByteBuffer scratch = ByteBuffer.allocateDirect(FrameHeader.MAX_BODY_BYTES);
        CRC32C crc = new CRC32C();
        long at = FIRST_RECORD_AT;
        for (int found = 0; found < seal.end().recordCount(); ) {
            long left = PIECE_BYTES - at % PIECE_BYTES;
            if (left < RedoHead.BYTES || RedoHead.isEnd(read(at, RedoHead.BYTES, head), 0)) {
                at += left;
                continue;
            }
            RedoHead own = RedoHead.decode(head, 0, file + " at byte " + at);
            long place = at + RedoHead.BYTES;
            crc.reset();
            crc.update(read(place, own.bodyBytes(), scratch));
            if ((int) crc.getValue() != own.crc32c()) {
                throw new UnreadableException(
                        file + " is damaged: record " + own.sequence() + " has another CRC32C than it should");
            }
            finder.record(own, place);
            at = place + own.bodyBytes();
            found++;
        }
        if (at != seal.logBytes()) {
            throw new UnreadableException(file + " has records up to byte " + at + ", not " + seal.logBytes());
        }
    }

    /** Nobody uses it any more. */
    void release() {
        released.accept(this);
    }

    /** Makes it idle, with what it may keep mapped; an epoch that was sealed is forgotten. */
    void clear() throws IOException {
        status(IDLE);
        while (pieces.size() > WARM_PIECES) {
            OffHeap.unmap(pieces.remove(pieces.size() - 1));
            slabs.give();
        }
        long kept = (long) pieces.size() * PIECE_BYTES;
        if (channel.size() > kept) {
            channel.truncate(kept);
        }
        spilling = false;
        end = FIRST_RECORD_AT;
    }

    /** Unmaps and closes an idle one, or one that was only looked at. */
    void close() throws IOException {
        pieces.forEach(OffHeap::unmap);
        pieces.clear();
        channel.close();
    }

    /** Closes an idle one and removes its file. */
    void remove() throws IOException {
        close();
        Files.deleteIfExists(file);
    }
}
