package io.lull.worker.primary;

import io.lull.worker.page.PageMemory;
import io.lull.worker.page.StagedPages;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * What simulated guests write: pages that look like a server's, each a few lines away from what it held before. The same
 * memory serves for all guests, as only its content matters.
 */
public final class SimulatedPages implements AutoCloseable {
    private static final int VARIANTS = 256;
    private static final int CHANGED_WORDS = 64;
    private static final int STRIDE = 31;

    private final PageMemory memory = PageMemory.anonymous(VARIANTS);

    public SimulatedPages(long seed) {
        Random random = new Random(seed);
        long[] base = new long[PageMemory.PAGE_BYTES / Long.BYTES];
        for (int word = 0; word < base.length; word++) {
            base[word] = random.nextInt(3) == 0 ? random.nextInt(1 << 20) : 0;
        }
        for (int variant = 0; variant < VARIANTS; variant++) {
            ByteBuffer page = memory.view(variant);
            for (long word : base) {
                page.putLong(word);
            }
            for (int i = 0; i < CHANGED_WORDS; i++) {
                page.putLong(random.nextInt(base.length) * Long.BYTES, random.nextInt(1 << 16));
            }
        }
    }

    /** Stages a page with what it holds at the end of an epoch in which it was written. */
    void stage(StagedPages into, int page, long epoch) {
        into.add(page, memory.address((int) ((page * (long) STRIDE + epoch) % VARIANTS)));
    }

    @Override
    public void close() {
        memory.close();
    }
}
