package io.lull.worker.backup;

import io.lull.worker.page.OffHeap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that grows by pieces of {@value #PIECE_BYTES} bytes, of which the first are mapped.
 *
 * <p>What the process has no mapping left for is written with a call. Either way it is in the kernel's page cache at once, and outlives
 * the process, not the host. Room is taken before a piece is mapped, so that a full file system is an {@link IOException} and
 * not a fault at an address. Nothing that is put or read may straddle two pieces. One thread at a time.
 */
final class PieceFile {
    static final int PIECE_BYTES = SlabStock.SLAB_BYTES;
    /** Pieces that stay mapped when the file shrinks, without asking for a share of the process'. */
    static final int WARM_PIECES = 4;

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 16).asReadOnlyBuffer();

    private final Path file;
    private final boolean forLooking;
    private final SlabPool slabs;
    private final List<MappedByteBuffer> pieces = new ArrayList<>();
    private FileChannel channel;
    private boolean spilling;

    private PieceFile(Path file, FileChannel channel, SlabPool slabs, boolean forLooking) {
        this.file = file;
        this.channel = channel;
        this.slabs = slabs;
        this.forLooking = forLooking;
    }

    /**
     * A new one, with its first piece mapped; it replaces a file of that name.
     *
     * @throws IOException when the file system has no room for it; nothing is left then
     */
    static PieceFile create(Path file, SlabPool slabs) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        PieceFile created = new PieceFile(file, channel, slabs, false);
        try {
            created.grow(0);
        } catch (IOException | RuntimeException e) {
            created.remove();
            throw e;
        }
        return created;
    }

    /** One that is there, for looking only: nothing of it is mapped. */
    static PieceFile existing(Path file) throws IOException {
        return new PieceFile(
                file, FileChannel.open(file, StandardOpenOption.READ), new SlabPool(1, new SlabStock(1)), true);
    }

    /** How many bytes are left in the piece of a place, which itself counts. */
    static long leftInPiece(long place) {
        return PIECE_BYTES - place % PIECE_BYTES;
    }

    /** Makes the piece of a place one that can be put into. */
    void growTo(long place) throws IOException {
        grow(pieceOf(place));
    }

    private void grow(int piece) throws IOException {
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
        for (int at = 0; at < PIECE_BYTES; at += ZEROS.capacity()) {
            write(ZEROS.duplicate(), from + at);
        }
        MappedByteBuffer mapping = channel.map(FileChannel.MapMode.READ_WRITE, from, PIECE_BYTES);
        mapping.order(ByteOrder.LITTLE_ENDIAN);
        return mapping;
    }

    /** Puts all that remains in a buffer, whose position stays. */
    void put(long place, ByteBuffer bytes) throws IOException {
        int piece = pieceOf(place);
        if (piece < pieces.size()) {
            pieces.get(piece).put((int) (place % PIECE_BYTES), bytes, bytes.position(), bytes.remaining());
        } else {
            write(bytes.duplicate(), place);
        }
    }

    private void write(ByteBuffer bytes, long at) throws IOException {
        long to = at;
        try {
            while (bytes.hasRemaining()) {
                to += channel.write(bytes, to);
            }
        } catch (IOException e) {
            throw FullDisk.writing(file, e);
        }
    }

    /** The first piece of one that was created. */
    ByteBuffer first() {
        return pieces.get(0);
    }

    /** Whether some of it may have to be read by calls. */
    boolean needsScratch() {
        return spilling || pieces.isEmpty();
    }

    /**
     * Bytes of it, valid until the next call.
     *
     * @param scratch room for what isn't mapped
     */
    ByteBuffer view(long place, int length, ByteBuffer scratch) throws IOException {
        return pieceOf(place) < pieces.size() ? mapped(place, length) : read(place, length, scratch);
    }

    /** Bytes of a piece that is mapped; from any thread, as long as it isn't let go of. */
    ByteBuffer mapped(long place, int length) {
        return pieces.get(pieceOf(place)).slice((int) (place % PIECE_BYTES), length);
    }

    /** Reads by calls; returns the buffer, ready to be read from. */
    ByteBuffer read(long from, int length, ByteBuffer into) throws IOException {
        into.clear().limit(length);
        while (into.hasRemaining()) {
            if (channel.read(into, from + into.position()) < 0) {
                throw new UnreadableException(file + " ends before byte " + (from + length));
            }
        }
        return into.flip();
    }

    long sizeBytes() throws IOException {
        return channel.size();
    }

    /** Lets go of all but what may stay mapped. */
    void shrink() throws IOException {
        unmapDownTo(WARM_PIECES);
        long kept = (long) pieces.size() * PIECE_BYTES;
        if (channel.size() > kept) {
            channel.truncate(kept);
        }
        spilling = false;
    }

    private void unmapDownTo(int kept) {
        while (pieces.size() > kept) {
            OffHeap.unmap(pieces.remove(pieces.size() - 1));
            if (pieces.size() >= WARM_PIECES) {
                slabs.give();
            }
        }
    }

    /** Unmaps and closes it until it is woken; of one that isn't for looking only, no more than these bytes stay. */
    void rest(long bytes) throws IOException {
        unmapDownTo(0);
        if (!forLooking) {
            channel.truncate(bytes);
        }
        channel.close();
    }

    /** Opens it again, for reading by calls; nothing of it is mapped. */
    void wake() throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    private static int pieceOf(long place) {
        return (int) (place / PIECE_BYTES);
    }

    /** Unmaps and closes it; the file stays as it is. */
    void close() throws IOException {
        unmapDownTo(0);
        channel.close();
    }

    /** Closes it and removes the file. */
    void remove() throws IOException {
        close();
        Files.deleteIfExists(file);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
