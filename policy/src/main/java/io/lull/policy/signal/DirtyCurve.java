package io.lull.policy.signal;

/**
 * Learns from epoch reports how many distinct pages a guest dirties in an epoch of a given length.
 *
 * <pre>
 * D(T) = d · T^a                       T in milliseconds of guest run time
 * a    = clamp((Sxy + k · 0.45) / (Sxx + k), 0, 1)            x = ln T, y = ln D, k = {@value #PRIOR_WEIGHT}
 * d    = g · clamp(Σ D / Σ g·T^a, 1, {@value #MAX_SMEARING})           g = exp(mean y − a · mean x)
 * D′(T) = a · D(T) / T
 * </pre>
 *
 * <p>S are exponentially weighted centred sums over about the last {@value #MEMORY_REPORTS} reports. The term k is a
 * prior a = 0.45 with deviation 0.12, against a scatter of ln D of 0.38. Regimes: with epochs all of one length, or
 * only a few, Sxx is small, a is the prior, and the curve passes through the mean; once lengths differ by more than a
 * factor of three the data decide.
 *
 * <p>The sums in d, faded like S, turn the median of a scatter into its mean: without them the recorded traces have 2
 * to 32 % more pages than the curve, with them it is within 5 %. After a step up d is some 10 % high until the sums
 * have faded. Source: Duan, "Smearing estimate", JASA 78 (1983).
 *
 * <p>There is no additive floor D(T) = f + d·T^a: on the recorded traces one between 20 and 80 % of the shortest
 * epochs' pages does not lower the residuals of any workload and predicts longer epochs no better on most.
 *
 * <p>An epoch that ended because it was dirty (watermark) says less about the length than one that ended by the clock;
 * where all end that way a is too low. An epoch that dirtied nothing counts as one page. D′ is taken at no less than
 * 0.1 ms, since the power law has no finite slope at 0.
 */
public final class DirtyCurve {
    /** The exponent before lengths differ; real guests have 0.22 to 0.52. */
    public static final double PRIOR_EXPONENT = 0.45;

    static final int PRIOR_WEIGHT = 10;
    static final int MEMORY_REPORTS = 128;
    static final double MAX_SMEARING = 2;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double SHORTEST_NANOS = 1e5;
    private static final double KEEP = 1 - 1.0 / MEMORY_REPORTS;

    private DirtyCurve() {}

    /** Takes up an epoch in which the guest ran for {@code runNanos} and dirtied {@code dirtyPages}. */
    public static void update(DirtyCurveState state, long runNanos, long dirtyPages) {
        if (runNanos <= 0) {
            return;
        }
        DecayedMoments logs = state.logs;
        long pages = Math.max(1, dirtyPages);
        logs.add(Math.log(runNanos / NANOS_PER_MILLI), Math.log((double) pages), MEMORY_REPORTS);
        double a = (logs.sumXy + PRIOR_WEIGHT * PRIOR_EXPONENT) / (logs.sumXx + PRIOR_WEIGHT);
        a = Math.max(0, Math.min(1, a));
        double median = Math.exp(logs.meanY - a * logs.meanX);
        state.exponent = a;
        state.seenPages = state.seenPages * KEEP + pages;
        state.fittedPages = state.fittedPages * KEEP + median * Math.pow(runNanos / NANOS_PER_MILLI, a);
        double smearing = Math.max(1, Math.min(MAX_SMEARING, state.seenPages / state.fittedPages));
        state.pagesAtOneMilli = median * smearing;
    }

    /** Whether there has been a report. */
    public static boolean isKnown(DirtyCurveState state) {
        return state.logs.weight > 0;
    }

    /** The dirty pages to be expected after {@code runNanos}; 0 while unknown. */
    public static double pagesAt(DirtyCurveState state, long runNanos) {
        return runNanos <= 0 ? 0 : pages(state, (double) runNanos);
    }

    /** The run time after which {@code pages} are to be expected, nanoseconds; infinite where they never are. */
    public static double nanosUntil(DirtyCurveState state, double pages) {
        if (pages <= 0) {
            return 0;
        }
        boolean grows = state.pagesAtOneMilli > 0 && state.exponent > 0;
        if (!grows) {
            return state.pagesAtOneMilli >= pages ? 0 : Double.POSITIVE_INFINITY;
        }
        return NANOS_PER_MILLI * Math.pow(pages / state.pagesAtOneMilli, 1 / state.exponent);
    }

    /** How many pages a second the epoch still gains after {@code runNanos}, D′(T); 0 while unknown. */
    public static double pagesPerSecondAt(DirtyCurveState state, long runNanos) {
        double nanos = Math.max(SHORTEST_NANOS, (double) runNanos);
        return state.exponent * pages(state, nanos) / nanos * 1e9;
    }

    private static double pages(DirtyCurveState state, double nanos) {
        return state.pagesAtOneMilli * Math.pow(nanos / NANOS_PER_MILLI, state.exponent);
    }
}
