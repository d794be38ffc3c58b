package io.lull.worker.page;

import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** LZ4 by the native library, never by its Java replacements, which are 2 to 7 times slower and take over silently. */
final class NativeLz4 {
    /**
     * The level for sparse bodies: two hash tables instead of one. It takes twice the time of the fast one and makes 5 to
     * 10 % fewer bytes; where a page has few changed words, that is little time.
     */
    private static final int SPARSE_LEVEL = 2;

    private NativeLz4() {}

    /** Compresses; for one thread. */
    static final class Compressor implements BodyCompressor {
        private final LZ4Compressor fast = factory().fastCompressor();
        private final LZ4Compressor sparse = factory().highCompressor(SPARSE_LEVEL);

        @Override
        public int bound(int bytes) {
            return Math.max(fast.maxCompressedLength(bytes), sparse.maxCompressedLength(bytes));
        }

        @Override
        public int compress(ByteBuffer body, int maskBytes, int pageCount, ByteBuffer out) {
            int start = body.position();
            int length = body.remaining();
            boolean isSparse = length <= (long) pageCount * SPARSE_BYTES_PER_PAGE;
            return (isSparse ? sparse : fast).compress(body, start, length, out, 0, out.capacity());
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

    /** Bodies with no more than this many bytes a page are sparse. */
    static final int SPARSE_BYTES_PER_PAGE = 1536;

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
