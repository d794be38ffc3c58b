package io.lull.worker.page;

/**
 * Remembers where the guest keeps what does not compress (media, archives, ciphertext), so that no time is spent on it.
 *
 * <p>A range of {@link #RANGE_PAGES} pages is poor after {@link #POOR_AFTER} chunks in a row whose body the codec made less
 * than {@link #LEAST_RATIO} times smaller; then the codec is tried on one chunk in {@link #TRY_EVERY}. Used by several
 * threads without a lock: a count that is lost delays a verdict by a chunk and no more.
 */
final class PoorRanges {
    /** 16 MiB of guest memory. */
    static final int RANGE_PAGES = 4096;

    static final int POOR_AFTER = 8;
    static final int TRY_EVERY = 16;
    static final double LEAST_RATIO = 1.1;

    private final byte[] poorInARow;

    PoorRanges(int pages) {
        poorInARow = new byte[(pages - 1) / RANGE_PAGES + 1];
    }

    /** Whether a chunk that begins with this page is worth the codec; counts the chunks that are not. */
    boolean worthTrying(int firstPage) {
        int range = firstPage / RANGE_PAGES;
        int poor = poorInARow[range];
        if (poor < POOR_AFTER) {
            return true;
        }
        boolean again = poor >= POOR_AFTER + TRY_EVERY - 1;
        poorInARow[range] = (byte) (again ? POOR_AFTER : poor + 1);
        return again;
    }

    /** What the codec made of a chunk. */
    void tried(int firstPage, int bodyBytes, int payloadBytes) {
        int range = firstPage / RANGE_PAGES;
        if (bodyBytes >= LEAST_RATIO * payloadBytes) {
            poorInARow[range] = 0;
        } else if (poorInARow[range] < POOR_AFTER) {
            poorInARow[range]++;
        }
    }
}
