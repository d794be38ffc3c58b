package io.lull.worker.protocol;

import java.nio.ByteBuffer;

/**
 * A piece of the backup's page hashes.
 *
 * @param firstPage page of the first hash
 * @param hashes 16 bytes a page, as the page codec's hash table lays them out; a view that lives as long as the body
 */
public record Hashes(int firstPage, ByteBuffer hashes) {
    public static final int BYTES_PER_PAGE = 16;
    /** Most pages in a piece: 128 KiB of hashes. */
    public static final int MAX_PAGES = 8192;

    public Hashes {
        int bytes = hashes.remaining();
        if (firstPage < 0 || bytes == 0 || bytes % BYTES_PER_PAGE != 0 || bytes / BYTES_PER_PAGE > MAX_PAGES) {
            throw new IllegalArgumentException("hashes of " + bytes + " bytes from page " + firstPage);
        }
    }

    public int pages() {
        return hashes.remaining() / BYTES_PER_PAGE;
    }

    public Frame frame() {
        return Frame.control(FrameType.HASHES, 0, encode());
    }

    ByteBuffer encode() {
        return new BodyWriter(4 + hashes.remaining())
                .i32(firstPage)
                .bytes(hashes)
                .done();
    }

    public static Hashes decode(ByteBuffer body) throws ProtocolException {
        BodyReader in = new BodyReader(FrameType.HASHES, body);
        int firstPage = in.count("first page", (int) Layout.MAX_PAGES);
        try {
            return new Hashes(firstPage, in.rest());
        } catch (IllegalArgumentException e) {
            throw in.fault(String.valueOf(e.getMessage()));
        }
    }
}
