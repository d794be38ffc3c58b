package io.lull.worker.backup;

import io.lull.policy.VmId;
import io.lull.worker.page.PageMemory;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * What is written behind an image's last page: which image it is. The file of a worker that knew no tags has none, and so it is
 * told from one that it has taken the place of.
 *
 * @param id of this image and no other
 * @param vm whose
 * @param layout of its pages
 */
record ImageTag(UUID id, VmId vm, Layout layout) {
    private static final int MAX_BYTES = 1 << 20;
    /** Behind the record: its length. */
    private static final int FOOTER_BYTES = Integer.BYTES;

    /** Bytes of the pages before it. */
    long pageBytes() {
        return (long) layout.totalPages() * PageMemory.PAGE_BYTES;
    }

    ByteBuffer encode() {
        ByteBuffer record = KeptRecord.encode(
                KeptRecord.Kind.TAG,
                new KeptWriter(MAX_BYTES)
                        .id(id)
                        .text(vm.value())
                        .bytes(layout.frame().payload())
                        .done());
        int length = record.remaining();
        return ByteBuffer.allocate(length + FOOTER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(record)
                .putInt(length)
                .flip();
    }

    /**
     * That of a file.
     *
     * @throws UnreadableException when it has none, or other pages than its tag says
     */
    static ImageTag read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < FOOTER_BYTES) {
                throw new UnreadableException(file + " has no tag");
            }
            int length = bytes(channel, size - FOOTER_BYTES, FOOTER_BYTES).getInt(0);
            if (length < KeptRecord.HEAD_BYTES || length > MAX_BYTES || length > size - FOOTER_BYTES) {
                throw new UnreadableException(file + " has no tag: an older worker's, or one that wasn't finished");
            }
            ImageTag tag = decode(bytes(channel, size - FOOTER_BYTES - length, length), "the tag of " + file);
            if (tag.pageBytes() != size - FOOTER_BYTES - length) {
                throw new UnreadableException(file + " has " + (size - FOOTER_BYTES - length)
                        + " bytes of pages, its tag says " + tag.pageBytes());
            }
            return tag;
        }
    }

    private static ByteBuffer bytes(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new UnreadableException("an image became shorter");
            }
        }
        return bytes.flip();
    }

    private static ImageTag decode(ByteBuffer bytes, String where) throws UnreadableException {
        KeptReader in = new KeptReader(KeptRecord.decode(KeptRecord.Kind.TAG, bytes, where), where);
        try {
            ImageTag tag = new ImageTag(in.id(), new VmId(in.text()), Layout.decode(in.bytes()));
            in.end();
            CommittedImage.imageLayout(tag.layout());
            return tag;
        } catch (ProtocolException | IllegalArgumentException e) {
            throw new UnreadableException(where + ": " + e.getMessage());
        }
    }
}
