package io.lull.policy.signal;

/**
 * Learns from epoch reports how much of what a guest writes need not be shipped.
 *
 * <pre>
 * unchanged  = Σ unchanged pages / Σ dirty pages          zero likewise; ratio, 0..1
 * delta      = Σ delta bytes / Σ dirty pages              bytes a page after compare and word delta
 * wire       = Σ shipped bytes / Σ dirty pages            bytes a page on the wire
 * reduction  = Σ shipped bytes / Σ written bytes          ratio; below 1 where coding pays
 * </pre>
 *
 * <p>All sums fade by exp(−epoch length / tau). They are ratios of sums, not means of ratios: a large epoch counts for
 * what it is. Regimes: unknown until a report has some dirty pages, and again when they have faded; epochs without
 * dirty pages add only their fixed bytes (device state, framing) to the wire, which therefore is high where epochs are
 * small. That fixed part is better told apart by a {@link LineFit} of shipped bytes over dirty pages.
 */
public final class Redundancy {
    private static final double LEAST = 1;

    private Redundancy() {}

    /** Takes up {@code report} with a memory of {@code tauNanos}. */
    public static void update(RedundancyState state, EpochReport report, long tauNanos) {
        double keep = 1 - Ewma.gainRatio(report.lengthNanos(), tauNanos);
        EpochReport.Pages pages = report.pages();
        EpochReport.Bytes bytes = report.bytes();
        state.dirtyPages = state.dirtyPages * keep + pages.dirtyPages();
        state.unchangedPages = state.unchangedPages * keep + pages.unchangedPages();
        state.zeroPages = state.zeroPages * keep + pages.zeroPages();
        state.writtenBytes = state.writtenBytes * keep + bytes.writtenBytes();
        state.deltaBytes = state.deltaBytes * keep + bytes.deltaBytes();
        state.shippedBytes = state.shippedBytes * keep + bytes.shippedBytes();
    }

    /** Whether dirty pages are remembered, more than one page worth of them. */
    public static boolean isKnown(RedundancyState state) {
        return state.dirtyPages > LEAST;
    }

    /** Share of the dirty pages that hold what they held before; 0 while unknown. */
    public static double unchangedRatio(RedundancyState state) {
        return Math.min(1, ratio(state.unchangedPages, state.dirtyPages));
    }

    /** Share of the dirty pages that are now all zero; 0 while unknown. */
    public static double zeroRatio(RedundancyState state) {
        return Math.min(1, ratio(state.zeroPages, state.dirtyPages));
    }

    /** Bytes that a dirty page is after delta; 0 while unknown. */
    public static double deltaBytesPerPage(RedundancyState state) {
        return ratio(state.deltaBytes, state.dirtyPages);
    }

    /** Bytes that a dirty page is on the wire, all else that an epoch ships included; 0 while unknown. */
    public static double wireBytesPerPage(RedundancyState state) {
        return ratio(state.shippedBytes, state.dirtyPages);
    }

    /** Shipped over written bytes; 1 while unknown. */
    public static double shippedRatio(RedundancyState state) {
        return state.writtenBytes > LEAST ? state.shippedBytes / state.writtenBytes : 1;
    }

    private static double ratio(double part, double pages) {
        return pages > LEAST ? part / pages : 0;
    }
}
