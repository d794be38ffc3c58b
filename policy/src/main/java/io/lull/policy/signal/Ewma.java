package io.lull.policy.signal;

/**
 * An exponentially weighted mean of values that stand for intervals of any length.
 *
 * <pre>
 * a      = 1 − exp(−dt / tau)
 * weight ← weight · (1 − a) + a
 * mean   ← mean + (value − mean) · a / weight
 * </pre>
 *
 * <p>Regimes: at the start the weight is what has been seen, so that the first values give their plain, time-weighted
 * mean and not a mean with zero; later the weight is 1 and this is the usual filter; after a gap of many tau only the
 * newest value counts. An interval of 0 counts as 1 ns. Values beyond ±{@value #LIMIT} count as that, and what is not
 * a number is left out, so that the mean is always one.
 *
 * <p>Source: the time-weighted filter of Eckner, "Algorithms for unevenly spaced time series" (2012), with the bias
 * correction of Kingma and Ba (2014) for the start.
 */
public final class Ewma {
    static final double LIMIT = 1e100;

    private Ewma() {}

    /** Takes up {@code value}, which stood for {@code dtNanos}, with a memory of {@code tauNanos}. */
    public static void update(EwmaState state, double value, long dtNanos, long tauNanos) {
        if (Double.isNaN(value)) {
            return;
        }
        double bounded = Math.max(-LIMIT, Math.min(LIMIT, value));
        double gain = gainRatio(dtNanos, tauNanos);
        state.weightRatio = Math.min(1, state.weightRatio * (1 - gain) + gain);
        double step = gain / state.weightRatio;
        state.mean = state.mean * (1 - step) + bounded * step;
    }

    /** Whether there has been a value. */
    public static boolean isKnown(EwmaState state) {
        return state.weightRatio > 0;
    }

    /** The mean, or {@code otherwise} before the first value. */
    public static double meanOr(EwmaState state, double otherwise) {
        return isKnown(state) ? state.mean : otherwise;
    }

    /** The share that an interval of {@code dtNanos} has in a memory of {@code tauNanos}; above 0, at most 1. */
    static double gainRatio(long dtNanos, long tauNanos) {
        double x = (double) Math.max(1, dtNanos) / Math.max(1, tauNanos);
        if (x > SERIES_UP_TO) {
            return -Math.expm1(-x);
        }
        double x2 = x * x;
        return x - x2 * ((A2 - x * A3) + x2 * ((A4 - x * A5) + x2 * (A6 - x * A7)));
    }

    /** Up to here seven terms of the series are as exact as a double is; the function would take twice the time. */
    static final double SERIES_UP_TO = 1.0 / 64;

    private static final double A2 = 1.0 / 2;
    private static final double A3 = 1.0 / 6;
    private static final double A4 = 1.0 / 24;
    private static final double A5 = 1.0 / 120;
    private static final double A6 = 1.0 / 720;
    private static final double A7 = 1.0 / 5_040;
}
