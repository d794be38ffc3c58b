package io.lull.worker.page;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Seals bodies into chunks, one after another: checksum, and payload compressed where that helps; for one thread. */
final class ChunkCompressor implements AutoCloseable {
    /** Bodies up to this many bytes are not worth the codec. */
    static final int SMALL_BODY_BYTES = 256;

    private final BodyCompressor lz4 = new NativeLz4.Compressor();
    private final BodyCompressor zstd = new NativeZstd.Compressor();
    private final ByteBuffer compressed = ByteBuffer.allocateDirect(
            Math.max(lz4.bound(ChunkFormat.MAX_BODY_BYTES), zstd.bound(ChunkFormat.MAX_BODY_BYTES)));
    private final CRC32C crc = new CRC32C();

    private ChunkCodec codec = ChunkCodec.NONE;
    private int checksum;
    private ByteBuffer payload = compressed;

    /**
     * Seals a body, which is read from its position to its limit and keeps both.
     *
     * @param maskBytes how many of its bytes come before the words
     */
    void seal(ByteBuffer body, int maskBytes, int pageCount, ChunkCodec wanted) {
        int start = body.position();
        int length = body.remaining();
        crc.reset();
        crc.update(body);
        body.position(start);
        checksum = (int) crc.getValue();
        codec = ChunkCodec.NONE;
        payload = body;
        if (wanted != ChunkCodec.NONE && length > SMALL_BODY_BYTES) {
            compressed.clear();
            int size = (wanted == ChunkCodec.LZ4 ? lz4 : zstd).compress(body, maskBytes, pageCount, compressed);
            if (size < length) {
                compressed.limit(size);
                codec = wanted;
                payload = compressed;
            }
        }
    }

    /** The codec of the payload. */
    ChunkCodec codec() {
        return codec;
    }

    /** CRC32C of the body. */
    int checksum() {
        return checksum;
    }

    /** Valid until the next {@link #seal}. */
    ByteBuffer payload() {
        return payload;
    }

    @Override
    public void close() {
        lz4.close();
        zstd.close();
    }
}
