package io.lull.policy.remus;

import io.lull.policy.signal.EpochReport;

/**
 * The time to ship an epoch as a line in its dirty pages, learned from epoch reports.
 *
 * <pre>
 * transfer(D) = c0 + c1 · D
 * fitted to     commit − pause    of each report, by least squares, each report weighing 5 % less than the next
 * </pre>
 *
 * <p>Regimes. Before the first report the line of Remus' Fig. 5 (1 GbE, uncompressed) holds: 1.5 ms and 55.7 us a page.
 * While all epochs have about the same number of pages no line can be told from them, and the time is taken as
 * proportional to the pages. A line that would fall with the pages, or begin below zero, is replaced by the best one
 * that does not. The line that plans use moves only when it is off by more than 10 % at the pages that epochs have, or
 * at four times as many, so that plans change seldom.
 *
 * <p>Source: Cully et al., NSDI 2008, Fig. 5 for the form and the first line. How the line is learned is ours.
 */
public final class TransferFit {
    static final long REMUS_TRANSFER_NANOS = 1_500_000;
    static final double REMUS_TRANSFER_NANOS_PER_PAGE = 55_700;
    private static final double KEPT_RATIO = 0.95;
    private static final double SAME_PAGES_RATIO = 0.05;
    private static final double MOVED_RATIO = 0.10;
    private static final double MAX_NANOS_PER_PAGE = 1e12;

    private TransferFit() {}

    /** Takes up {@code report} in {@code state}; true when the line that plans use has moved. */
    public static boolean update(TransferState state, EpochReport report) {
        double pages = report.pages().dirtyPages();
        double nanos =
                Math.max(0, report.stages().commitNanos() - report.pause().totalNanos());
        state.weight = KEPT_RATIO * state.weight + 1;
        state.pagesSum = KEPT_RATIO * state.pagesSum + pages;
        state.nanosSum = KEPT_RATIO * state.nanosSum + nanos;
        state.pagesSquaredSum = KEPT_RATIO * state.pagesSquaredSum + pages * pages;
        state.pagesNanosSum = KEPT_RATIO * state.pagesNanosSum + pages * nanos;
        double perPage = Math.min(MAX_NANOS_PER_PAGE, nanosPerPage(state));
        double constant = Math.max(0, (state.nanosSum - perPage * state.pagesSum) / state.weight);
        double usualPages = state.pagesSum / state.weight;
        boolean moved = isOff(state, constant, perPage, usualPages) || isOff(state, constant, perPage, 4 * usualPages);
        if (moved) {
            state.transferNanos = Math.round(constant);
            state.transferNanosPerPage = perPage;
        }
        return moved;
    }

    /** Expected time to ship {@code dirtyPages}, nanoseconds. */
    public static double transferNanos(TransferState state, double dirtyPages) {
        return state.transferNanos + state.transferNanosPerPage * dirtyPages;
    }

    /** The dirty pages that take {@code nanos} to ship, at least 0; {@code most} when the pages cost nothing. */
    public static long pagesWithin(TransferState state, long nanos, long most) {
        double pages = (nanos - state.transferNanos) / state.transferNanosPerPage;
        return state.transferNanosPerPage <= 0 ? most : (long) Math.max(0, Math.min((double) most, pages));
    }

    private static double nanosPerPage(TransferState state) {
        double usualPages = state.pagesSum / state.weight;
        double variance = state.pagesSquaredSum / state.weight - usualPages * usualPages;
        double spread = SAME_PAGES_RATIO * usualPages;
        if (state.pagesSum <= 0) {
            return 0;
        }
        if (variance <= spread * spread) {
            return state.nanosSum / state.pagesSum;
        }
        double covariance = state.pagesNanosSum / state.weight - usualPages * state.nanosSum / state.weight;
        double slope = Math.max(0, covariance / variance);
        boolean beginsBelowZero = slope * state.pagesSum > state.nanosSum;
        return beginsBelowZero ? state.pagesNanosSum / state.pagesSquaredSum : slope;
    }

    private static boolean isOff(TransferState state, double constant, double perPage, double pages) {
        double before = transferNanos(state, pages);
        double now = constant + perPage * pages;
        return Math.abs(now - before) > MOVED_RATIO * before;
    }
}
