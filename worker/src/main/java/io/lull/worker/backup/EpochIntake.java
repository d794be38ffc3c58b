package io.lull.worker.backup;

import io.lull.worker.page.ChunkCodec;
import io.lull.worker.page.EncodedChunk;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.PageDecoder;
import io.lull.worker.page.PageFormatException;
import io.lull.worker.page.PageMemory;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.DiskZero;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.ProtocolException;
import io.lull.worker.turns.TurnTaker;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Checks a session's records completely and keeps them until their epoch ends; for the session's thread. */
final class EpochIntake implements AutoCloseable {
    private final int totalPages;
    private final long diskBytes;
    private final RedoLog redo;
    private final TurnTaker turn;
    private final PageDecoder decoder = new PageDecoder();

    /**
     * An intake without open epochs.
     *
     * @param totalPages pages of the image
     * @param diskBytes size of the disk, 0 without one
     * @param turn in which pages are unpacked, a frame at a time: the redo log may have to wait
     */
    EpochIntake(int totalPages, long diskBytes, RedoLog redo, TurnTaker turn) {
        this.totalPages = totalPages;
        this.diskBytes = diskBytes;
        this.redo = redo;
        this.turn = turn;
    }

    static ProtocolException outOfPlace(Frame frame, Dialogue.State state) {
        return new ProtocolException("a " + frame.header().type() + " frame in state " + state);
    }

    /** The bytes of all blocks of a layout from a peer. */
    static long checkedBytes(Layout layout, long maxImageBytes) throws ProtocolException {
        long bytes = (long) layout.totalPages() * PageMemory.PAGE_BYTES;
        if (bytes > maxImageBytes) {
            throw new ProtocolException("LAYOUT frame: the VM has " + bytes + " bytes, this backup takes "
                    + maxImageBytes + " (image.maxGibibytes)");
        }
        try {
            CommittedImage.imageLayout(layout);
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("LAYOUT frame: " + e.getMessage());
        }
        return bytes;
    }

    void pages(Frame frame) throws IOException, InterruptedException {
        turn.enter();
        ByteBuffer body;
        try {
            body = unpacked(frame);
        } finally {
            turn.leave();
        }
        redo.append(frame.header(), body);
    }

    private ByteBuffer unpacked(Frame frame) throws ProtocolException {
        FrameHeader header = frame.header();
        try {
            ByteBuffer body = decoder.unpack(new EncodedChunk(
                    ChunkCodec.ofWireId(header.codec()),
                    header.pages(),
                    header.rawBytes(),
                    header.crc32c(),
                    frame.payload()));
            PageDecoder.validate(body, totalPages);
            return body;
        } catch (PageFormatException e) {
            throw new ProtocolException(
                    "PAGES frame " + header.sequence() + " of epoch " + header.epoch() + ": " + e.getMessage());
        }
    }

    void diskWrite(Frame frame) throws IOException, InterruptedException {
        DiskWrite write = DiskWrite.decode(frame.payload());
        checkDisk(write.offsetBytes(), write.data().remaining());
        redo.append(frame.header(), frame.payload());
    }

    void diskZero(Frame frame) throws IOException, InterruptedException {
        DiskZero zero = DiskZero.decode(frame.payload());
        checkDisk(zero.offsetBytes(), zero.lengthBytes());
        redo.append(frame.header(), frame.payload());
    }

    private void checkDisk(long offset, long length) throws ProtocolException {
        if (length > diskBytes || offset > diskBytes - length) {
            throw new ProtocolException(
                    "disk record of " + length + " bytes at " + offset + " of a disk of " + diskBytes + " bytes");
        }
    }

    /** The complete epoch, which is the caller's from then on. */
    EpochLog end(Frame frame) throws IOException, InterruptedException {
        EpochEnd end = EpochEnd.decode(frame.payload());
        if (end.deviceStateBytes() > ImageLayout.DEVICE_STATE_BYTES) {
            throw new ProtocolException("EPOCH_END frame: device state of " + end.deviceStateBytes() + " bytes, limit "
                    + ImageLayout.DEVICE_STATE_BYTES);
        }
        return redo.end(frame.header().epoch(), end);
    }

    Digest digest(Frame frame) throws ProtocolException {
        return checkedDigest(frame.payload(), totalPages);
    }

    /** A digest whose ranges lie in the image and are together no larger: each page of them is hashed, on the apply thread. */
    static Digest checkedDigest(ByteBuffer body, int totalPages) throws ProtocolException {
        Digest digest = Digest.decode(body);
        for (Digest.Range range : digest.ranges()) {
            if (range.pages() > totalPages || range.firstPage() > totalPages - range.pages()) {
                throw new ProtocolException("DIGEST frame: " + range + " of an image of " + totalPages + " pages");
            }
        }
        long pages = digest.pages();
        if (pages > totalPages) {
            throw new ProtocolException(
                    "DIGEST frame: its ranges have " + pages + " pages together, the image " + totalPages);
        }
        return digest;
    }

    /** Drops what no EPOCH_END came for. */
    @Override
    public void close() {
        redo.discard();
        decoder.close();
    }
}
