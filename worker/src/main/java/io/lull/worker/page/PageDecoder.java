package io.lull.worker.page;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;
import java.util.zip.CRC32C;

/**
 * Unpacks, checks and applies chunks on the backup; for one thread.
 *
 * <p>Everything it reads comes from the network. A body is checked completely before the first byte of the image changes,
 * and memory is allocated once, for the largest body that there can be.
 */
public final class PageDecoder implements AutoCloseable {
    private final BodyDecompressor lz4 = new NativeLz4.Decompressor();
    private final NativeZstd.Decompressor zstd = new NativeZstd.Decompressor();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(ChunkFormat.MAX_BODY_BYTES);
    private final CRC32C crc = new CRC32C();

    /**
     * The body of a chunk, from position to limit; valid until the next call and as long as the payload is.
     *
     * @throws PageFormatException when a length is not what the chunk claims, the codec refuses the payload, or the checksum or
     *     the page count is wrong
     */
    public ByteBuffer unpack(EncodedChunk chunk) throws PageFormatException {
        int rawLength = chunk.rawLength();
        if (rawLength < ChunkFormat.COUNT_BYTES || rawLength > ChunkFormat.MAX_BODY_BYTES) {
            throw new PageFormatException("a chunk's body has " + ChunkFormat.COUNT_BYTES + " to "
                    + ChunkFormat.MAX_BODY_BYTES + " bytes, this one claims " + rawLength);
        }
        ByteBuffer body = chunk.codec() == ChunkCodec.NONE ? plain(chunk) : decompressed(chunk);
        crc.reset();
        crc.update(body.duplicate());
        if ((int) crc.getValue() != chunk.crc32c()) {
            throw new PageFormatException("the CRC32C of a chunk's body is " + Long.toHexString(crc.getValue())
                    + ", not " + Integer.toHexString(chunk.crc32c()) + " as it claims");
        }
        int count = Short.toUnsignedInt(body.order(ByteOrder.LITTLE_ENDIAN).getShort(body.position()));
        if (count != chunk.pageCount()) {
            throw new PageFormatException("a chunk claims " + chunk.pageCount() + " pages, its body has " + count);
        }
        return body;
    }

    private static ByteBuffer plain(EncodedChunk chunk) throws PageFormatException {
        if (chunk.payload().remaining() != chunk.rawLength()) {
            throw new PageFormatException("a chunk that is not compressed claims " + chunk.rawLength()
                    + " bytes and has " + chunk.payload().remaining());
        }
        return chunk.payload().slice();
    }

    private ByteBuffer decompressed(EncodedChunk chunk) throws PageFormatException {
        ByteBuffer payload = chunk.payload();
        scratch.clear();
        BodyDecompressor codec = chunk.codec() == ChunkCodec.LZ4 ? lz4 : zstd;
        int length = codec.decompress(payload, scratch, chunk.rawLength());
        if (length != chunk.rawLength()) {
            throw new PageFormatException(
                    "a payload came to " + length + " bytes, not " + chunk.rawLength() + " as its chunk claims");
        }
        return scratch.duplicate().limit(length);
    }

    /**
     * Checks a body without touching anything: lengths, page numbers, order, and that the masks add up.
     *
     * @param body from position to limit; both stay
     * @param totalPages pages of the image it is for
     */
    public static void validate(ByteBuffer body, int totalPages) throws PageFormatException {
        BodyReader.check(body, totalPages);
    }

    /**
     * Checks a body and writes it to the image; doing so twice is the same as doing it once.
     *
     * @param body from position to limit; both stay
     * @param changedPage told the number of each page of the body, after it was written
     * @throws PageFormatException when the body breaks the format; the image is untouched
     */
    public static void apply(ByteBuffer body, PageMemory image, IntConsumer changedPage) throws PageFormatException {
        BodyReader.check(body, image.pages()).apply(image, changedPage);
    }

    /**
     * Tells the number of each page of a body, in ascending order, and touches nothing.
     *
     * @throws PageFormatException when the numbers break the format, after those before
     */
    public static void forEachPage(ByteBuffer body, int totalPages, IntConsumer page) throws PageFormatException {
        BodyReader.forEachPage(body, totalPages, page);
    }

    /** Frees the codecs' memory, which no garbage collector sees. */
    @Override
    public void close() {
        zstd.close();
    }
}
