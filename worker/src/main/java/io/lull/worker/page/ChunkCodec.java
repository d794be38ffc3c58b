package io.lull.worker.page;

/** How the body of a chunk is compressed, cheapest first. */
public enum ChunkCodec {
    /** Not at all: the payload is the body. */
    NONE(0),
    /** One LZ4 block. */
    LZ4(1),
    /** Zstandard frames without magic number, content size and checksum, one of the masks and one of the words. */
    ZSTD(2);

    private final int wireId;

    ChunkCodec(int wireId) {
        this.wireId = wireId;
    }

    /** The number that stands for this codec on the wire; it never changes. */
    public int wireId() {
        return wireId;
    }

    /** The next one that costs less time and makes more bytes; the cheapest itself. */
    ChunkCodec cheaper() {
        return this == ZSTD ? LZ4 : NONE;
    }

    /** The next one that makes fewer bytes and costs more time; the strongest itself. */
    ChunkCodec stronger() {
        return this == NONE ? LZ4 : ZSTD;
    }

    /** The codec of a number from the wire. */
    public static ChunkCodec ofWireId(int wireId) throws PageFormatException {
        for (ChunkCodec codec : values()) {
            if (codec.wireId == wireId) {
                return codec;
            }
        }
        throw new PageFormatException("no codec has number " + wireId);
    }
}
