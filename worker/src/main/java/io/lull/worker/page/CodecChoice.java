package io.lull.worker.page;

/** Says what the next chunk is to be compressed with. Asked by several threads at once; must not allocate. */
@FunctionalInterface
public interface CodecChoice {
    /** The codec of the next chunk. */
    ChunkCodec next();

    /** Always the same. */
    static CodecChoice always(ChunkCodec codec) {
        return () -> codec;
    }
}
