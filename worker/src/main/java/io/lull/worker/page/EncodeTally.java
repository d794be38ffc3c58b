package io.lull.worker.page;

/** The running counts of one encoding thread; read by the caller when all threads are done. */
final class EncodeTally {
    int unchangedPages;
    int zeroPages;
    int deltaPages;
    int rawPages;
    int chunks;
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
        deltaBytes += other.deltaBytes;
        encodedBytes += other.encodedBytes;
        deltaNanos += other.deltaNanos;
        compressNanos += other.compressNanos;
    }

    EncodeResult result(int dirtyPages) {
        return new EncodeResult(
                dirtyPages,
                unchangedPages,
                zeroPages,
                deltaPages,
                rawPages,
                chunks,
                deltaBytes,
                encodedBytes,
                deltaNanos,
                compressNanos);
    }
}
