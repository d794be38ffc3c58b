package io.lull.worker.backup;

import io.lull.worker.protocol.FrameHeader;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A file with the redo log of one epoch at a time, used again for a later one.
 *
 * <pre>
 *      0 u32 status: 0 free, 1 open, 2 sealed     8 the seal, once there is one     4096 records
 *
 *   FREE --open--&gt; OPEN --seal: written first, and then the status--&gt; SEALED --clear, once it is applied--&gt; FREE
 *                   |                                                                                        ^
 *                   +-----------------------clear, when it won't be committed--------------------------------+
 * </pre>
 *
 * <p>One that waits long while it is SEALED may rest meanwhile: it is a closed file then, and is removed instead of cleared.
 *
 * <p>A record ({@link RedoHead}, body) lies in one piece of the {@link PieceFile}: keeping one is as a rule a copy within memory, as it
 * would be without a file. One thread at a time.
 */
final class RedoSlot {
    private static final int SEAL_AT = 8;
    private static final int FIRST_RECORD_AT = 4096;

    /** What a slot holds; its ordinal is what the file says. */
    private enum Status {
        FREE,
        OPEN,
        SEALED
    }

    private final PieceFile file;
    private final Consumer<RedoSlot> released;
    private final ByteBuffer head = ByteBuffer.allocateDirect(RedoHead.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private Status status = Status.FREE;
    private boolean rested;
    private long end = FIRST_RECORD_AT;

    private RedoSlot(PieceFile file, Consumer<RedoSlot> released) {
        this.file = file;
        this.released = released;
    }

    /**
     * A new one, free.
     *
     * @param released told when it isn't used any more
     */
    static RedoSlot create(Path file, SlabPool slabs, Consumer<RedoSlot> released) throws IOException {
        return new RedoSlot(PieceFile.create(file, slabs), released);
    }

    /** One that an earlier process left, for looking only. */
    static RedoSlot left(Path file) throws IOException {
        return new RedoSlot(PieceFile.existing(file), slot -> {});
    }

    /** An epoch's records come from now on. */
    void open() {
        become(Status.OPEN, "an epoch begins");
    }

    /** Keeps a record; returns the place of its body. */
    long append(FrameHeader header, ByteBuffer body) throws IOException {
        int length = RedoHead.BYTES + body.remaining();
        long left = PieceFile.leftInPiece(end);
        if (left < length) {
            endPiece(left);
        }
        file.growTo(end);
        RedoHead.of(header, body.remaining()).put(head.clear(), 0);
        long place = end + RedoHead.BYTES;
        file.put(end, head);
        file.put(place, body);
        end += length;
        return place;
    }

    /** No record straddles two pieces. */
    private void endPiece(long left) throws IOException {
        if (left >= RedoHead.BYTES) {
            RedoHead.putEnd(head.clear(), 0);
            file.put(end, head);
        }
        end += left;
    }

    /** Bytes in use, the slot's head included. */
    long logBytes() {
        return end;
    }

    /** When this returns, the epoch outlives the process. */
    void seal(RedoSeal seal) {
        ByteBuffer record = seal.encode();
        file.first().put(SEAL_AT, record, 0, record.limit());
        become(Status.SEALED, "epoch " + seal.epoch() + " is complete");
    }

    /** The one transition: all that was written before is seen by whoever sees the status. */
    private void become(Status next, String reason) {
        boolean allowed =
                switch (next) {
                    case FREE -> true;
                    case OPEN -> status == Status.FREE;
                    case SEALED -> status == Status.OPEN;
                };
        if (!allowed) {
            throw new IllegalStateException(file + " is " + status + " and can't become " + next + ": " + reason);
        }
        VarHandle.fullFence();
        file.first().putInt(0, next.ordinal());
        VarHandle.fullFence();
        status = next;
    }

    /** Whether bodies may have to be read from the file. */
    boolean needsScratch() {
        return file.needsScratch();
    }

    /**
     * A record's body, valid until the next call.
     *
     * @param scratch room for one that isn't mapped
     */
    ByteBuffer body(long place, int length, ByteBuffer scratch) throws IOException {
        return file.view(place, length, scratch);
    }

    /** As {@link #body}, of a slot that is mapped as a whole; from any thread. */
    ByteBuffer mappedBody(long place, int length) {
        return file.mapped(place, length);
    }

    /** Takes what was found. */
    interface Finder {
        void record(RedoHead head, long place) throws IOException;
    }

    /** What an earlier process promised here; empty when the epoch wasn't complete, or is in the image. */
    Optional<RedoSeal> found() throws IOException {
        ByteBuffer page = ByteBuffer.allocate(FIRST_RECORD_AT).order(ByteOrder.LITTLE_ENDIAN);
        if (file.sizeBytes() < FIRST_RECORD_AT) {
            return Optional.empty();
        }
        file.read(0, FIRST_RECORD_AT, page);
        int found = page.getInt(0);
        if (found == Status.FREE.ordinal() || found == Status.OPEN.ordinal()) {
            return Optional.empty();
        }
        if (found != Status.SEALED.ordinal()) {
            throw new UnreadableException(file + " has the status " + Integer.toUnsignedString(found));
        }
        return Optional.of(RedoSeal.decode(page.position(SEAL_AT), file.toString()));
    }

    /** Finds the records of a slot that was sealed, in the order in which they came. */
    void scan(RedoSeal seal, Finder finder) throws IOException {
        long at = FIRST_RECORD_AT;
        for (int found = 0; found < seal.end().recordCount(); ) {
            long left = PieceFile.leftInPiece(at);
            if (left < RedoHead.BYTES || RedoHead.isEnd(file.read(at, RedoHead.BYTES, head), 0)) {
                at += left;
                continue;
            }
            RedoHead own = RedoHead.decode(head, 0, file + " at byte " + at);
            long place = at + RedoHead.BYTES;
            finder.record(own, place);
            at = place + own.bodyBytes();
            found++;
        }
        if (at != seal.logBytes()) {
            throw new UnreadableException(file + " has records up to byte " + at + ", not " + seal.logBytes());
        }
    }

    /**
     * Checks the body of a record that an earlier process kept.
     *
     * @param scratch room for any body
     */
    void check(RedoHead record, long place, ByteBuffer scratch) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(file.read(place, record.bodyBytes(), scratch));
        if ((int) crc.getValue() != record.crc32c()) {
            throw new UnreadableException(
                    file + " is damaged: record " + record.sequence() + " has another CRC32C than it should");
        }
    }

    /**
     * Lets go of its mappings and its descriptor, and of room that it doesn't use, until it is woken: it has its epoch, and isn't used for a
     * later one.
     */
    void rest() throws IOException {
        rested = true;
        file.rest(end);
    }

    /** Its records can be read again; to be called of one that rests, and of no other. */
    void wake() throws IOException {
        file.wake();
    }

    boolean isRested() {
        return rested;
    }

    /** Nobody uses it any more. */
    void release() {
        released.accept(this);
    }

    /** Makes it free, with what it may keep mapped, and removes one that rested; an epoch that was sealed is forgotten. */
    void clear() throws IOException {
        if (rested) {
            remove();
            return;
        }
        become(Status.FREE, "its epoch is applied, or won't be");
        file.shrink();
        end = FIRST_RECORD_AT;
    }

    /** Lets go of it as it is: what it promises, if anything, is for the next process. */
    void close() throws IOException {
        file.close();
    }

    /** Closes a free one and removes its file. */
    void remove() throws IOException {
        file.remove();
    }
}
