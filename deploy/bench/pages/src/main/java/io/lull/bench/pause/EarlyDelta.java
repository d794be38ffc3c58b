package io.lull.bench.pause;

import io.lull.worker.page.DeltaKernel;
import io.lull.worker.page.FullShadow;
import io.lull.worker.page.KernelChoice;
import io.lull.worker.page.PageMemory;

/**
 * What would be done of the encoding within a pause: the changed words of each page are written to memory that holds a
 * whole checkpoint's, and the shadow is brought up to date. Less than the pipeline does, so a lower bound.
 */
public final class EarlyDelta implements AutoCloseable {
    private static final int MASK_PAGES_SHARE = PageMemory.PAGE_BYTES / DeltaKernel.LINES;

    private final DeltaKernel kernel = KernelChoice.create();
    private final PageMemory shadow;
    private final PageMemory masks;
    private final PageMemory words;
    private long maskEnd;
    private long wordEnd;

    /** Room for as many pages as the shadow has. */
    public EarlyDelta(FullShadow shadow) {
        this.shadow = shadow.memory();
        this.masks = PageMemory.anonymous(shadow.pages() / MASK_PAGES_SHARE + 2);
        this.words = PageMemory.anonymous(shadow.pages() + 1);
    }

    /** A checkpoint begins. */
    public void begin() {
        maskEnd = masks.address(0);
        wordEnd = words.address(0);
    }

    /** Adds a page, or nothing when it didn't change. */
    public void add(int page, long content) {
        long held = shadow.address(page);
        long lines = kernel.changedLines(content, held);
        if (lines != 0) {
            wordEnd = kernel.writeChanged(content, held, lines, maskEnd, wordEnd);
            maskEnd += Long.bitCount(lines);
        }
    }

    /** Bytes of words so far. */
    public long bytes() {
        return wordEnd - words.address(0);
    }

    @Override
    public void close() {
        masks.close();
        words.close();
    }
}
