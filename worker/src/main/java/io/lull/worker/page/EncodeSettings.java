package io.lull.worker.page;

/**
 * How to encode one checkpoint.
 *
 * @param threads most threads to use, the caller included, at least 1; more than the pool has is the whole pool
 * @param codec what chunks are compressed with where that makes them smaller
 */
public record EncodeSettings(int threads, ChunkCodec codec) {
    public EncodeSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("encoding needs at least 1 thread, not " + threads);
        }
    }
}
