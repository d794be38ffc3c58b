package io.lull.worker.page;

import java.nio.ByteBuffer;

/** Where the encoded chunks of a checkpoint go. */
@FunctionalInterface
public interface ChunkSink {
    /**
     * Takes one chunk. Called from several worker threads at once, in no order. Whatever it throws ends the pipeline,
     * since the shadow is then ahead of the backup. The values are those of an {@link EncodedChunk}, apart, so that none
     * is allocated.
     *
     * @param payload from its position to its limit; its memory is reused as soon as the call returns
     */
    void accept(ChunkCodec codec, int pageCount, int rawLength, int crc32c, ByteBuffer payload);
}
