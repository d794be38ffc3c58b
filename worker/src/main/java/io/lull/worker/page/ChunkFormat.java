package io.lull.worker.page;

/** The sizes that the body of a chunk keeps to; its layout is in the package's description. */
public final class ChunkFormat {
    /** Most pages of a chunk. */
    public static final int MAX_PAGES = 128;

    /** Most bytes of an uncompressed body: all pages whole. */
    public static final int MAX_BODY_BYTES = prefixBytes() + MAX_PAGES * PageMemory.PAGE_BYTES;

    static final int COUNT_BYTES = 2;
    static final int MAX_VARINT_BYTES = 5;
    static final int LINE_MASK_BYTES = 8;

    private ChunkFormat() {}

    /** Most bytes that come before the words. */
    static int prefixBytes() {
        return COUNT_BYTES + MAX_PAGES * (MAX_VARINT_BYTES + LINE_MASK_BYTES + DeltaKernel.LINES);
    }
}
