package io.lull.worker.page;

/**
 * How to encode one checkpoint.
 *
 * @param threads most threads to use, the caller included, at least 1; more than the pool has is the whole pool
 * @param codec says for each chunk what it is compressed with, where that makes it smaller
 */
public record EncodeSettings(int threads, CodecChoice codec) {
    public EncodeSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("encoding needs at least 1 thread, not " + threads);
        }
    }

    /** The same codec for all chunks. */
    public EncodeSettings(int threads, ChunkCodec codec) {
        this(threads, CodecChoice.always(codec));
    }
}
