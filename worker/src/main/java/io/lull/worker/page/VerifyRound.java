package io.lull.worker.page;

import java.util.Optional;

/**
 * Which pages are to be verified when: slice after slice round an image, at most so many pages a second.
 *
 * <p>The budget accrues by time, {@code pages = elapsed * rate}, up to {@link #MAX_SLICE_PAGES}; what is beyond is lost, so
 * that a long wait is not made up for by a burst.
 */
public final class VerifyRound {
    /** Most pages of one slice, and of the budget: some 3 ms of hashing on one thread ({@code deploy/bench/pages/bench.sh hashes}). */
    public static final int MAX_SLICE_PAGES = 4096;

    /** Most pages a second: 4 GiB. */
    public static final int MAX_PAGES_PER_SECOND = 1 << 20;

    private static final long SECOND_NANOS = 1_000_000_000;

    private final int pages;
    private final long pagesPerSecond;
    private int next;
    private long paidUntilNanos;

    /**
     * A round that begins at page 0 with no budget.
     *
     * @param pages of the image
     * @param pagesPerSecond 0 to {@link #MAX_PAGES_PER_SECOND}; 0 verifies nothing
     * @param nowNanos what the clock says
     */
    public VerifyRound(int pages, long pagesPerSecond, long nowNanos) {
        if (pages < 1 || pagesPerSecond < 0 || pagesPerSecond > MAX_PAGES_PER_SECOND) {
            throw new IllegalArgumentException("of " + pages + " pages, at least 1, can't be verified " + pagesPerSecond
                    + " a second; 0 to " + MAX_PAGES_PER_SECOND + " can");
        }
        this.pages = pages;
        this.pagesPerSecond = pagesPerSecond;
        this.paidUntilNanos = nowNanos;
    }

    /** The next slice, as long as the budget and the rest of the image let it be, which it uses up; empty for none. */
    public Optional<PageRange> take(long nowNanos) {
        if (pagesPerSecond == 0) {
            return Optional.empty();
        }
        long fullNanos = nanos(MAX_SLICE_PAGES);
        long waitedNanos = Math.min(nowNanos - paidUntilNanos, fullNanos);
        long budget = waitedNanos * pagesPerSecond / SECOND_NANOS;
        int count = (int) Math.min(Math.min(budget, MAX_SLICE_PAGES), pages - next);
        if (count < 1) {
            return Optional.empty();
        }
        paidUntilNanos = nowNanos - waitedNanos + nanos(count);
        PageRange slice = new PageRange(next, count);
        next = slice.endPage() % pages;
        return Optional.of(slice);
    }

    /** How long so many pages take to accrue, rounded up. */
    private long nanos(int count) {
        return (count * SECOND_NANOS + pagesPerSecond - 1) / pagesPerSecond;
    }
}
