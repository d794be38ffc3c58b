package io.lull.worker.page;

/** The running counts of one encoding thread; read by the caller when all threads are done. */
final class EncodeTally {
    int unchangedPages;
    int zeroPages;
    int deltaPages;
    int rawPages;
    int chunks;
    int lz4Chunks;
    int zstdChunks;
    long deltaBytes;
    long encodedBytes;
    long deltaNanos;
    long compressNanos;

    void clear() {
        unchangedPages = 0;
        zeroPages = 0;
        deltaPages = 0;
        rawPages = 0;
        chunks = 0;
        lz4Chunks = 0;
        zstdChunks = 0;
        deltaBytes = 0;
        encodedBytes = 0;
        deltaNanos = 0;
        compressNanos = 0;
    }

    void add(EncodeTally other) {
        unchangedPages += other.unchangedPages;
        zeroPages += other.zeroPages;
        deltaPages += other.deltaPages;
        rawPages += other.rawPages;
        chunks += other.chunks;
        lz4Chunks += other.lz4Chunks;
        zstdChunks += other.zstdChunks;
        deltaBytes += other.deltaBytes;
        encodedBytes += other.encodedBytes;
        deltaNanos += other.deltaNanos;
        compressNanos += other.compressNanos;
    }

    /** Counts a chunk. */
    void chunk(ChunkCodec codec, int bodyBytes, int payloadBytes) {
        chunks++;
        switch (codec) {
            case NONE -> {}
            case LZ4 -> lz4Chunks++;
            case ZSTD -> zstdChunks++;
        }
        deltaBytes += bodyBytes;
        encodedBytes += payloadBytes;
    }

    private ChunkCodec commonest() {
        if (chunks - lz4Chunks - zstdChunks > Math.max(lz4Chunks, zstdChunks)) {
            return ChunkCodec.NONE;
        }
        return zstdChunks > lz4Chunks ? ChunkCodec.ZSTD : ChunkCodec.LZ4;
    }

    EncodeResult result(int dirtyPages) {
        return new EncodeResult(
                dirtyPages,
                unchangedPages,
                zeroPages,
                deltaPages,
                rawPages,
                chunks,
                commonest(),
                deltaBytes,
                encodedBytes,
                deltaNanos,
                compressNanos);
    }
}
