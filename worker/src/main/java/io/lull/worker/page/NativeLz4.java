package io.lull.worker.page;

import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** LZ4 by the native library, never by its Java replacements, which are 2 to 7 times slower and take over silently. */
final class NativeLz4 {
    /**
     * The level for bodies of a middling size: two hash tables instead of one. It takes two to four times the time of the
     * fast one and makes 5 to 10 % fewer bytes, which is worth it in between only: of smaller bodies that is next to
     * nothing, and of larger ones the time is the most.
     */
    private static final int MIDDLING_LEVEL = 2;

    /** Bytes a page from which on a body is middling. Both bounds are what the recorded pages make the best of. */
    private static final int LEAST_MIDDLING_BYTES_PER_PAGE = 260;

    private static final int MOST_MIDDLING_BYTES_PER_PAGE = 1700;

    private NativeLz4() {}

    /** Compresses; for one thread. */
    static final class Compressor implements BodyCompressor {
        private final LZ4Compressor fast = factory().fastCompressor();
        private final LZ4Compressor middling = factory().highCompressor(MIDDLING_LEVEL);

        @Override
        public int bound(int bytes) {
            return Math.max(fast.maxCompressedLength(bytes), middling.maxCompressedLength(bytes));
        }

        @Override
        public int compress(ByteBuffer body, int maskBytes, int pageCount, ByteBuffer out) {
            int start = body.position();
            int length = body.remaining();
            boolean isMiddling = length >= pageCount * LEAST_MIDDLING_BYTES_PER_PAGE
                    && length <= pageCount * MOST_MIDDLING_BYTES_PER_PAGE;
            return (isMiddling ? middling : fast).compress(body, start, length, out, 0, out.capacity());
        }

        @Override
        public void close() {
            // The library's compressors hold no memory between calls.
        }
    }

    /** Decompresses; for one thread. */
    static final class Decompressor implements BodyDecompressor {
        private final LZ4SafeDecompressor lz4 = factory().safeDecompressor();

        @Override
        public int decompress(ByteBuffer payload, ByteBuffer out, int limit) throws PageFormatException {
            try {
                return lz4.decompress(payload, payload.position(), payload.remaining(), out, 0, limit);
            } catch (LZ4Exception e) {
                throw new PageFormatException(
                        "LZ4 refuses a payload of " + payload.remaining() + " bytes that should be " + limit, e);
            }
        }
    }

    private static LZ4Factory factory() {
        try {
            return LZ4Factory.nativeInstance();
        } catch (LinkageError | RuntimeException e) {
            throw new IllegalStateException(
                    "the native LZ4 library can't be loaded; it is unpacked to java.io.tmpdir ("
                            + System.getProperty("java.io.tmpdir") + "), which must be writable and not mounted noexec",
                    e);
        }
    }
}
