package io.lull.worker.page;

import java.nio.ByteBuffer;

/**
 * Builds the body of one chunk after another, for one thread, in memory allocated once.
 *
 * <p>The words are written where they stay; the planes before them are copied to their place when the chunk is complete
 * and their lengths are known, so that a body is contiguous and its largest part is written once.
 */
final class PageEncoder {
    private static final int LIST_BYTES = ChunkFormat.MAX_PAGES * ChunkFormat.MAX_VARINT_BYTES;
    private static final int LINE_MASKS_BYTES = ChunkFormat.MAX_PAGES * ChunkFormat.LINE_MASK_BYTES;
    private static final int WORD_MASKS_BYTES = ChunkFormat.MAX_PAGES * DeltaKernel.LINES;
    private static final int WORDS_AT = -(-ChunkFormat.prefixBytes() & -DeltaKernel.LINE_BYTES);
    private static final long ALL_LINES = -1L;
    private static final byte ALL_WORDS = (byte) 0xFF;

    private final Shadow shadow;
    private final EncodeTally tally;
    private final DeltaKernel kernel;
    // Held so that the memory behind the addresses below is not collected.
    private final ByteBuffer planes;
    private final ByteBuffer body;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(PageMemory.PAGE_BYTES);
    private final long zeroPage = OffHeap.address(zeros);
    private final long listStart;
    private final long lineMasksStart;
    private final long wordMasksStart;
    private final long wordsStart;
    private final long[] hash = new long[PageHasher.LONGS];

    private long list;
    private long lineMasks;
    private long wordMasks;
    private long words;
    private int pageCount;
    private int previousPage;

    PageEncoder(Shadow shadow, DeltaKernel kernel, EncodeTally tally) {
        OffHeap.requireLittleEndian();
        this.shadow = shadow;
        this.kernel = kernel;
        this.tally = tally;
        planes = ByteBuffer.allocateDirect(LIST_BYTES + LINE_MASKS_BYTES + WORD_MASKS_BYTES + DeltaKernel.SLACK_BYTES);
        body = ByteBuffer.allocateDirect(
                WORDS_AT + ChunkFormat.MAX_PAGES * PageMemory.PAGE_BYTES + DeltaKernel.SLACK_BYTES);
        listStart = OffHeap.address(planes);
        lineMasksStart = listStart + LIST_BYTES;
        wordMasksStart = lineMasksStart + LINE_MASKS_BYTES;
        wordsStart = OffHeap.address(body) + WORDS_AT;
    }

    /** Starts a chunk. */
    void begin() {
        list = listStart;
        lineMasks = lineMasksStart;
        wordMasks = wordMasksStart;
        words = wordsStart;
        pageCount = 0;
        previousPage = -1;
    }

    /** Adds a page, in ascending order and no more than a chunk has; it may turn out to be unchanged. */
    void add(int page, long staged) {
        long content = staged == StagedPages.ZERO_PAGE ? zeroPage : staged;
        long held = shadow.content(page);
        if (held == Shadow.NOT_HELD) {
            addWhole(page, content);
        } else {
            addDelta(page, content, held);
        }
    }

    private void addDelta(int page, long content, long held) {
        long lines = kernel.changedLines(content, held);
        if (lines == 0) {
            tally.unchangedPages++;
            return;
        }
        if (content == zeroPage || kernel.isZero(content)) {
            OffHeap.fill(held, PageMemory.PAGE_BYTES, (byte) 0);
            putEntry(page, 1);
            tally.zeroPages++;
        } else {
            putEntry(page, 0);
            putLineMask(lines);
            words = kernel.writeChanged(content, held, lines, wordMasks, words);
            wordMasks += Long.bitCount(lines);
            tally.deltaPages++;
        }
        shadow.sent(page, held, hash);
    }

    private void addWhole(int page, long content) {
        long place = shadow.place(page);
        if (place != Shadow.NOT_HELD) {
            OffHeap.copy(content, place, PageMemory.PAGE_BYTES);
        }
        if (shadow.backupHas(page, content, hash)) {
            tally.unchangedPages++;
            return;
        }
        if (content == zeroPage || kernel.isZero(content)) {
            putEntry(page, 1);
            tally.zeroPages++;
        } else {
            putEntry(page, 0);
            putLineMask(ALL_LINES);
            OffHeap.fill(wordMasks, DeltaKernel.LINES, ALL_WORDS);
            wordMasks += DeltaKernel.LINES;
            OffHeap.copy(content, words, PageMemory.PAGE_BYTES);
            words += PageMemory.PAGE_BYTES;
            tally.rawPages++;
        }
        shadow.sent(page, content, hash);
    }

    private void putEntry(int page, int zero) {
        if (pageCount == ChunkFormat.MAX_PAGES || page <= previousPage) {
            throw new IllegalStateException("page " + page + " can't follow page " + previousPage + " as number "
                    + (pageCount + 1) + " of a chunk");
        }
        long rest = ((long) (page - previousPage - 1) << 1) | zero;
        while (rest > 0x7F) {
            OffHeap.putByte(list++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        OffHeap.putByte(list++, (byte) rest);
        previousPage = page;
        pageCount++;
    }

    private void putLineMask(long lines) {
        OffHeap.putLong(lineMasks, lines);
        lineMasks += ChunkFormat.LINE_MASK_BYTES;
    }

    /** Pages in the chunk so far. */
    int pageCount() {
        return pageCount;
    }

    /** Completes the chunk: its body, from position to limit, until the next {@link #begin}. */
    ByteBuffer finish() {
        long start = prepend(wordsStart, wordMasksStart, wordMasks);
        start = prepend(start, lineMasksStart, lineMasks);
        start = prepend(start, listStart, list) - ChunkFormat.COUNT_BYTES;
        OffHeap.putShort(start, (short) pageCount);
        body.limit((int) (words - wordsStart) + WORDS_AT);
        body.position(WORDS_AT - (int) (wordsStart - start));
        return body;
    }

    /** How many bytes of the body that {@link #finish} gave come before its words. */
    int maskBytes() {
        return WORDS_AT - body.position();
    }

    private static long prepend(long end, long planeStart, long planeEnd) {
        long bytes = planeEnd - planeStart;
        OffHeap.copy(planeStart, end - bytes, bytes);
        return end - bytes;
    }
}
