package io.lull.worker.page;

import java.nio.ByteBuffer;

/** Compresses bodies with one codec, in memory allocated once; for one thread. */
interface BodyCompressor extends AutoCloseable {
    /** Most bytes that {@code bytes} bytes can come to. */
    int bound(int bytes);

    /**
     * Compresses a body from its position to its limit, which both stay, to the beginning of {@code out}.
     *
     * @param maskBytes how many of its bytes come before the words: list and masks, which are of another kind
     * @param pageCount pages in the body
     * @param out direct, as large as {@link #bound} says
     * @return bytes written
     */
    int compress(ByteBuffer body, int maskBytes, int pageCount, ByteBuffer out);

    /** Frees the library's memory. */
    @Override
    void close();
}
