package io.lull.worker.page;

/** How the body of a chunk is compressed. */
public enum ChunkCodec {
    /** Not at all: the payload is the body. */
    NONE(0),
    /** One LZ4 block. */
    LZ4(1);

    private final int wireId;

    ChunkCodec(int wireId) {
        this.wireId = wireId;
    }

    /** The number that stands for this codec on the wire; it never changes. */
    public int wireId() {
        return wireId;
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
