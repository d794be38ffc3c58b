package io.lull.worker.page;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import net.jpountz.lz4.LZ4Compressor;

/** Seals a body into a chunk: its checksum, and its payload compressed where that helps; for one thread. */
final class ChunkCompressor {
    /** Bodies up to this many bytes are not worth the codec. */
    static final int SMALL_BODY_BYTES = 256;

    private final LZ4Compressor lz4 = NativeLz4.compressor();
    private final ByteBuffer compressed =
            ByteBuffer.allocateDirect(lz4.maxCompressedLength(ChunkFormat.MAX_BODY_BYTES));
    private final CRC32C crc = new CRC32C();

    /** The chunk of a body, which is read from its position to its limit and keeps both. */
    EncodedChunk seal(ByteBuffer body, int pageCount, ChunkCodec codec) {
        int start = body.position();
        int length = body.remaining();
        crc.reset();
        crc.update(body);
        body.position(start);
        int checksum = (int) crc.getValue();
        if (codec == ChunkCodec.LZ4 && length > SMALL_BODY_BYTES) {
            compressed.clear();
            int size = lz4.compress(body, start, length, compressed, 0, compressed.capacity());
            if (size < length) {
                compressed.limit(size);
                return new EncodedChunk(ChunkCodec.LZ4, pageCount, length, checksum, compressed);
            }
        }
        return new EncodedChunk(ChunkCodec.NONE, pageCount, length, checksum, body);
    }
}
