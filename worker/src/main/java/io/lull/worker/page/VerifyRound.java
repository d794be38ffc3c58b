package io.lull.worker.page;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which pages are to be verified when: slice after slice round an image, at most so many pages a second. A slice that the
 * backup couldn't compare in time comes again before the next.
 *
 * <p>The budget accrues by time, {@code pages = elapsed * rate}, up to {@link #MAX_SLICE_PAGES}; what is beyond is lost, so
 * that a long wait is not made up for by a burst. A backup that leaves {@link #MAX_UNANSWERED} slices without an answer is asked for
 * no more. From any thread.
 */
public final class VerifyRound {
    /** Most pages of one slice, and of the budget: some 3 ms of hashing on one thread ({@code deploy/bench/pages/bench.sh hashes}). */
    public static final int MAX_SLICE_PAGES = 4096;

    /** Most pages a second: 4 GiB. */
    public static final int MAX_PAGES_PER_SECOND = 1 << 20;

    /** Most slices under way to the backup and back. */
    public static final int MAX_UNANSWERED = 64;

    private static final long SECOND_NANOS = 1_000_000_000;

    private final int pages;
    private final long pagesPerSecond;
    /** By the epoch as of which they are compared. */
    private final Map<Long, PageRange> unanswered = new HashMap<>();
    /** Not compared although asked for; together with those at most as many, as nothing new is asked for meanwhile. */
    private final Deque<PageRange> owed = new ArrayDeque<>();

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

    /**
     * The next slice, as long as the budget and the rest of the image let it be, which it uses up; empty for none.
     *
     * @param epoch as of which it is to be compared; one slice each
     */
    public synchronized Optional<PageRange> take(long epoch, long nowNanos) {
        if (pagesPerSecond == 0 || unanswered.size() == MAX_UNANSWERED) {
            return Optional.empty();
        }
        long fullNanos = nanos(MAX_SLICE_PAGES);
        long waitedNanos = Math.min(nowNanos - paidUntilNanos, fullNanos);
        long budget = waitedNanos * pagesPerSecond / SECOND_NANOS;
        Optional<PageRange> slice = owed.isEmpty() ? following(budget) : payable(budget);
        if (slice.isPresent()) {
            paidUntilNanos = nowNanos - waitedNanos + nanos(slice.get().count());
            unanswered.put(epoch, slice.get());
        }
        return slice;
    }

    private Optional<PageRange> following(long budget) {
        int count = (int) Math.min(Math.min(budget, MAX_SLICE_PAGES), pages - next);
        if (count < 1) {
            return Optional.empty();
        }
        PageRange slice = new PageRange(next, count);
        next = slice.endPage() % pages;
        return Optional.of(slice);
    }

    /** Whole: pieces of what comes again and again would become ever smaller. */
    private Optional<PageRange> payable(long budget) {
        return owed.getFirst().count() <= budget ? Optional.of(owed.removeFirst()) : Optional.empty();
    }

    /**
     * The backup has answered.
     *
     * @param epoch that of the slice; an answer that nobody asked for counts for nothing
     * @param compared whether the slice was compared; else it is to come again
     */
    public synchronized void answered(long epoch, boolean compared) {
        PageRange slice = unanswered.remove(epoch);
        if (slice != null && !compared) {
            owed.addLast(slice);
        }
    }

    /** How long so many pages take to accrue, rounded up. */
    private long nanos(int count) {
        return (count * SECOND_NANOS + pagesPerSecond - 1) / pagesPerSecond;
    }
}
