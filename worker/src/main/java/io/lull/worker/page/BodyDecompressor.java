package io.lull.worker.page;

import java.nio.ByteBuffer;

/** Decompresses payloads that come from the network with one codec; for one thread. */
interface BodyDecompressor {
    /**
     * Decompresses a payload from its position to its limit, which both stay, to the beginning of {@code out}.
     *
     * @param out direct
     * @param limit most bytes to write, at most the capacity of {@code out}; no claim inside the payload moves it
     * @return bytes written
     * @throws PageFormatException when the payload is broken or comes to more than {@code limit} bytes
     */
    int decompress(ByteBuffer payload, ByteBuffer out, int limit) throws PageFormatException;
}
