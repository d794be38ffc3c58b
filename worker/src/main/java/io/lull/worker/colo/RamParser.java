package io.lull.worker.colo;

import io.lull.worker.capture.StagingArea;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.StagedPages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Parses the records of QEMU's "ram" sections into a staging area. It lives as long as the stream: a record without a
 * block's name continues the block of the record before, across sections and checkpoints.
 */
final class RamParser {
    static final int FLAG_ZERO = 0x02;
    static final int FLAG_MEM_SIZE = 0x04;
    static final int FLAG_PAGE = 0x08;
    static final int FLAG_EOS = 0x10;
    static final int FLAG_CONTINUE = 0x20;
    static final int FLAG_MULTIFD_FLUSH = 0x200;
    private static final int FLAG_MASK = 0xfff;
    private static final int PAGE_BYTES = PageMemory.PAGE_BYTES;

    /** The guest's blocks, and their names as they come; a name is looked up in a pause, and not copied for it. */
    private final ImageLayout.Block[] blocks;

    private final byte[][] names;
    private ImageLayout.@Nullable Block currentBlock;

    RamParser(ImageLayout layout) {
        this.blocks = layout.blocks().stream()
                .filter(block -> block != layout.deviceState())
                .toArray(ImageLayout.Block[]::new);
        this.names = new byte[blocks.length][];
        for (int i = 0; i < blocks.length; i++) {
            names[i] = blocks[i].name().getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** What to do when the initial copy has filled a batch. */
    interface BatchSink {
        /** Takes the pages; afterwards their memory is reused. */
        void take(StagingArea pages) throws IOException;
    }

    /** Parses up to the end of the section's body; all pages are staged at once. */
    void parseBody(StreamReader in, StagingArea staging) throws IOException {
        while (record(in, staging)) {}
    }

    /** Parses up to the end of the section's body; hands the pages on in batches of {@code batchPages}. */
    void parseBody(StreamReader in, StagingArea staging, int batchPages, BatchSink sink) throws IOException {
        while (record(in, staging)) {
            if (staging.pages().count() >= batchPages) {
                flush(in, staging, sink);
            }
        }
        flush(in, staging, sink);
    }

    private static void flush(StreamReader in, StagingArea staging, BatchSink sink) throws IOException {
        if (staging.pages().count() > 0) {
            sink.take(staging);
        }
        staging.reset();
        in.switchTo(staging);
    }

    private boolean record(StreamReader in, StagingArea staging) throws IOException {
        long word = in.u64();
        int flags = (int) (word & FLAG_MASK);
        long offset = word & ~(long) FLAG_MASK;
        if (flags == FLAG_EOS) {
            return false;
        }
        if (flags == FLAG_MULTIFD_FLUSH) {
            return true;
        }
        int kind = flags & ~FLAG_CONTINUE;
        if (kind != FLAG_PAGE && kind != FLAG_ZERO) {
            throw new ColoStreamException("QEMU sent a RAM record with the flags 0x" + Integer.toHexString(flags)
                    + ": a migration capability other than x-colo is on; switch it off");
        }
        if ((flags & FLAG_CONTINUE) == 0) {
            currentBlock = block(in);
        }
        int page = page(currentBlock, offset);
        if (kind == FLAG_PAGE) {
            staging.add(page, in.inPlace(PAGE_BYTES));
        } else {
            refuseFill(in.u8());
            staging.add(page, StagedPages.ZERO_PAGE);
        }
        return true;
    }

    private ImageLayout.Block block(StreamReader in) throws IOException {
        for (int i = 0; i < names.length; i++) {
            if (in.takeStr8(names[i])) {
                return blocks[i];
            }
        }
        throw new ColoStreamException("QEMU sent a page of the unannounced RAM block '" + in.str8() + "'");
    }

    private static int page(ImageLayout.@Nullable Block block, long offset) throws ColoStreamException {
        if (block == null) {
            throw new ColoStreamException("QEMU's first RAM record names no block");
        }
        if (offset < 0 || offset >= block.byteLength()) {
            throw new ColoStreamException("QEMU sent a page at offset 0x" + Long.toHexString(offset)
                    + ", outside RAM block " + block.name() + " of " + block.byteLength() + " bytes");
        }
        return block.pageAt(offset);
    }

    private static void refuseFill(int fill) throws ColoStreamException {
        if (fill != 0) {
            throw new ColoStreamException(
                    "QEMU sent a page filled with 0x" + Integer.toHexString(fill) + "; only zero pages are known");
        }
    }
}
