package io.lull.worker.page;

import java.util.Arrays;

/**
 * Where the chunks of a checkpoint begin and end: guided self-scheduling (Polychronopoulos and Kuck, 1987).
 *
 * <p>Large chunks compress better, and small ones at the end let threads end together, whatever a page costs. So each takes
 *
 * <pre>
 * pages = left / (3 * threads), within {@link #LEAST_PAGES} and {@link ChunkFormat#MAX_PAGES}
 * </pre>
 *
 * of the pages that are left. One thread has nobody to wait for: it takes all that fit. Reused for one checkpoint after the
 * other; not thread-safe while it cuts.
 */
final class ChunkCuts {
    /** Fewer pages than this are a chunk only at the end: some 50 us of work, less than a thread may be late. */
    static final int LEAST_PAGES = 32;

    private static final int SHARES_OF_THREAD = 3;

    private int[] ends = new int[64];
    private int count;

    /** Cuts so many pages for so many threads; allocates only when there are more chunks than ever. */
    void cut(int pages, int threads) {
        count = 0;
        int end = 0;
        while (end < pages) {
            end += Math.min(pages - end, chunkPages(pages - end, threads));
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, 2 * ends.length);
            }
            ends[count++] = end;
        }
    }

    private static int chunkPages(int left, int threads) {
        if (threads == 1) {
            return ChunkFormat.MAX_PAGES;
        }
        return Math.max(LEAST_PAGES, Math.min(ChunkFormat.MAX_PAGES, left / (SHARES_OF_THREAD * threads)));
    }

    /** How many chunks there are. */
    int count() {
        return count;
    }

    /** Number of a chunk's first page among those that were cut. */
    int first(int chunk) {
        return chunk == 0 ? 0 : ends[chunk - 1];
    }

    /** Number of the page after its last. */
    int end(int chunk) {
        return ends[chunk];
    }
}
