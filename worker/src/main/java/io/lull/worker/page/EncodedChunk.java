package io.lull.worker.page;

import java.nio.ByteBuffer;

/**
 * One chunk as it travels. Its values may come from the wire, so nothing is checked here; {@link PageDecoder} does.
 *
 * @param codec how the payload is compressed
 * @param pageCount pages in it
 * @param rawLength bytes of the uncompressed body
 * @param crc32c CRC32C of the uncompressed body
 * @param payload from its position to its limit
 */
public record EncodedChunk(ChunkCodec codec, int pageCount, int rawLength, int crc32c, ByteBuffer payload) {}
