package io.lull.worker.page;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/**
 * Zstandard by its native library, with a context for each thread: a context for each call costs more than the call.
 *
 * <p>Level 1, with two changes for what a body is: words that repeat, some hundred KiB of them. Matches begin at five
 * bytes, and are looked for in a table of long and one of short matches (zstd's "dfast") that are large enough for a
 * body. Masks and words are a frame each, since their statistics have nothing in common. On the recorded pages, in chunks
 * of 128, this makes 5 % fewer bytes than plain level 1 on the whole body.
 */
final class NativeZstd {
    private static final int LEVEL = 1;
    private static final int DOUBLE_FAST = 2;
    private static final int LONG_TABLE_LOG = 16;
    private static final int SHORT_TABLE_LOG = 15;
    private static final int LEAST_MATCH_BYTES = 5;

    private NativeZstd() {}

    /** Compresses; for one thread. */
    static final class Compressor implements BodyCompressor {
        private final ZstdCompressCtx context = compressContext();

        @Override
        public int bound(int bytes) {
            return Math.toIntExact(2 * Zstd.compressBound(0) + Zstd.compressBound(bytes));
        }

        @Override
        public int compress(ByteBuffer body, int maskBytes, int pageCount, ByteBuffer out) {
            int words = body.position() + maskBytes;
            int size = maskBytes == 0 ? 0 : frame(body, body.position(), words, out, 0);
            return words == body.limit() ? size : size + frame(body, words, body.limit(), out, size);
        }

        private int frame(ByteBuffer body, int from, int end, ByteBuffer out, int at) {
            return context.compressDirectByteBuffer(out, at, out.capacity() - at, body, from, end - from);
        }

        @Override
        public void close() {
            context.close();
        }
    }

    /** Decompresses; for one thread. A frame is decoded straight into the output, so its window claims no memory. */
    static final class Decompressor implements BodyDecompressor, AutoCloseable {
        private final ZstdDecompressCtx context = decompressContext();

        @Override
        public int decompress(ByteBuffer payload, ByteBuffer out, int limit) throws PageFormatException {
            try {
                ByteBuffer direct = payload.isDirect() ? payload : direct(payload);
                return context.decompressDirectByteBuffer(out, 0, limit, direct, direct.position(), direct.remaining());
            } catch (ZstdException e) {
                throw new PageFormatException(
                        "Zstandard refuses a payload of " + payload.remaining() + " bytes that should be " + limit
                                + ": " + e.getMessage(),
                        e);
            }
        }

        @Override
        public void close() {
            context.close();
        }

        /** A copy; payloads from the network are direct, and the rest is no longer than one. */
        private static ByteBuffer direct(ByteBuffer payload) {
            return ByteBuffer.allocateDirect(payload.remaining())
                    .put(payload.duplicate())
                    .flip();
        }
    }

    private static ZstdCompressCtx compressContext() {
        try {
            return new ZstdCompressCtx()
                    .setLevel(LEVEL)
                    .setStrategy(DOUBLE_FAST)
                    .setHashLog(LONG_TABLE_LOG)
                    .setChainLog(SHORT_TABLE_LOG)
                    .setMinMatch(LEAST_MATCH_BYTES)
                    .setMagicless(true)
                    .setContentSize(false)
                    .setChecksum(false);
        } catch (LinkageError e) {
            throw unavailable(e);
        }
    }

    private static ZstdDecompressCtx decompressContext() {
        try {
            return new ZstdDecompressCtx().setMagicless(true);
        } catch (LinkageError e) {
            throw unavailable(e);
        }
    }

    private static IllegalStateException unavailable(LinkageError e) {
        return new IllegalStateException(
                "the native Zstandard library can't be loaded; it is unpacked to java.io.tmpdir ("
                        + System.getProperty("java.io.tmpdir") + "), which must be writable and not mounted noexec",
                e);
    }
}
