package io.lull.policy.signal;

/**
 * Estimates how many events a second come, from counts over intervals of any length.
 *
 * <pre>
 * rate = Ewma(events / dt), which equals (events, each decayed by its age) / (time, decayed by its age)
 * </pre>
 *
 * <p>Regimes: at the start it is events over time; later it follows with time constant tau, and silence lets it fall
 * as exp(−t / tau). An interval of 0 has no rate: its events count with the next one. Negative counts are taken as 0.
 * Unit: events per second.
 */
public final class RateEstimator {
    private static final double NANOS_PER_SECOND = 1e9;

    private RateEstimator() {}

    /** Takes up {@code events} that came in {@code dtNanos}, with a memory of {@code tauNanos}. */
    public static void update(RateState state, double events, long dtNanos, long tauNanos) {
        double count = Math.max(0, Double.isNaN(events) ? 0 : events);
        double all = Math.min(Ewma.LIMIT, state.carriedEvents + count);
        if (dtNanos <= 0) {
            state.carriedEvents = all;
            return;
        }
        state.carriedEvents = 0;
        Ewma.update(state.perSecond, all * NANOS_PER_SECOND / dtNanos, dtNanos, tauNanos);
    }

    /** Whether any time has been seen. */
    public static boolean isKnown(RateState state) {
        return Ewma.isKnown(state.perSecond);
    }

    /** Events per second; 0 while unknown. */
    public static double perSecond(RateState state) {
        return state.perSecond.mean;
    }
}
