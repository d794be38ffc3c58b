package io.lull.worker.page;

/**
 * The inner loops over one page outside the heap. A page has 64 lines of 64 bytes, a line 8 words of 8 bytes.
 *
 * <p>Two passes: {@link #changedLines} finds the lines that differ and reads every byte; {@link #writeChanged} visits only
 * those. The second pass always writes all 8 words of a line and moves on by the changed ones, so that no branch depends
 * on the data; whoever owns the output leaves {@link #SLACK_BYTES} behind it.
 *
 * <p>All kernels give the same bytes; which one runs is {@link KernelChoice}'s to say. Addresses are not checked. A
 * kernel serves one thread.
 */
public interface DeltaKernel {
    int LINES = 64;
    int LINE_BYTES = 64;
    int WORDS = 8;
    int WORD_BYTES = 8;

    /** How far beyond its result the second pass may write, in either output. */
    int SLACK_BYTES = LINE_BYTES;

    /** Bit l is set where line l of the page at {@code now} differs from that of the page at {@code before}. */
    long changedLines(long now, long before);

    /**
     * Writes the changed words of the lines in {@code lines}, and a mask of one byte for each line, and brings the page
     * at {@code before} up to date in these lines.
     *
     * @return the address behind the last word written
     */
    long writeChanged(long now, long before, long lines, long maskOut, long wordOut);

    /** Whether a page is all zero; most others are found out at their first line. */
    boolean isZero(long page);
}
