package io.lull.worker.page;

/**
 * The inner loops over one page. A page has 64 lines of 64 bytes, a line 8 words of 8 bytes.
 *
 * <p>The first pass only finds the changed lines and has no branch in a line: x | -x has its top bit set unless x is 0.
 * The second pass visits the changed lines, always writes all 8 words of one, and moves on by the changed ones; so
 * whoever owns the output leaves {@link #SLACK_BYTES} behind it.
 */
final class DeltaKernel {
    static final int LINES = 64;
    static final int LINE_BYTES = 64;
    static final int WORDS = 8;
    static final int WORD_BYTES = 8;

    /** How far beyond its result the second pass may write. */
    static final int SLACK_BYTES = LINE_BYTES;

    private DeltaKernel() {}

    /** Bit l is set where line l of the page at {@code now} differs from that of the page at {@code before}. */
    static long changedLines(long now, long before) {
        long mask = 0;
        for (int line = 0; line < LINES; line++) {
            long a = now + line * LINE_BYTES;
            long b = before + line * LINE_BYTES;
            long x = (OffHeap.getLong(a) ^ OffHeap.getLong(b))
                    | (OffHeap.getLong(a + 8) ^ OffHeap.getLong(b + 8))
                    | (OffHeap.getLong(a + 16) ^ OffHeap.getLong(b + 16))
                    | (OffHeap.getLong(a + 24) ^ OffHeap.getLong(b + 24))
                    | (OffHeap.getLong(a + 32) ^ OffHeap.getLong(b + 32))
                    | (OffHeap.getLong(a + 40) ^ OffHeap.getLong(b + 40))
                    | (OffHeap.getLong(a + 48) ^ OffHeap.getLong(b + 48))
                    | (OffHeap.getLong(a + 56) ^ OffHeap.getLong(b + 56));
            mask |= ((x | -x) >>> 63) << line;
        }
        return mask;
    }

    /**
     * Writes the changed words of the lines in {@code lines}, and a mask of one byte for each line, and brings the page
     * at {@code before} up to date.
     *
     * @return the address behind the last word written
     */
    static long writeChanged(long now, long before, long lines, long maskOut, long wordOut) {
        long masks = maskOut;
        long words = wordOut;
        for (long rest = lines; rest != 0; rest &= rest - 1) {
            long offset = (long) Long.numberOfTrailingZeros(rest) * LINE_BYTES;
            long a = now + offset;
            long b = before + offset;
            int mask = 0;
            for (int word = 0; word < WORDS; word++) {
                long value = OffHeap.getLong(a + word * WORD_BYTES);
                long x = value ^ OffHeap.getLong(b + word * WORD_BYTES);
                int changed = (int) ((x | -x) >>> 63);
                OffHeap.putLong(b + word * WORD_BYTES, value);
                OffHeap.putLong(words, value);
                words += (long) changed << 3;
                mask |= changed << word;
            }
            OffHeap.putByte(masks, (byte) mask);
            masks++;
        }
        return words;
    }

    /** Whether a page is all zero; most others are found out at their first line. */
    static boolean isZero(long page) {
        for (int line = 0; line < LINES; line++) {
            long a = page + line * LINE_BYTES;
            long x = OffHeap.getLong(a)
                    | OffHeap.getLong(a + 8)
                    | OffHeap.getLong(a + 16)
                    | OffHeap.getLong(a + 24)
                    | OffHeap.getLong(a + 32)
                    | OffHeap.getLong(a + 40)
                    | OffHeap.getLong(a + 48)
                    | OffHeap.getLong(a + 56);
            if (x != 0) {
                return false;
            }
        }
        return true;
    }
}
