package io.lull.policy.signal;

import io.lull.policy.Checks;

/**
 * Fits a cost that has a fixed part and a part per unit, neither of them negative: the pause over dirty pages, the
 * commit over bytes.
 *
 * <pre>
 * y  = c0 + c1 · x                                c0, c1 ≥ 0
 * c1 = (Sxy + l · prior) / (Sxx + l)              l = {@value #PRIOR_RATIO} · mean(x)²
 * c0 = mean(y) − c1 · mean(x)
 * </pre>
 *
 * <p>S are exponentially weighted centred sums over about the last {@value #MEMORY_PAIRS} pairs. Regimes: while x
 * hardly varies (a deviation below 5 % of its mean), c1 is the prior of the caller and the line passes through the
 * mean; once it varies the data decide; where the best line would have a negative slope it is flat through the mean,
 * and where it would have a negative intercept it is the best line through the origin. Units are the caller's. Inputs
 * count as at least 0 and at most {@value #LIMIT}; pairs that are not numbers are left out.
 */
public final class LineFit {
    static final double PRIOR_RATIO = 0.16;
    static final int MEMORY_PAIRS = 64;
    static final double LIMIT = 1e19;

    private LineFit() {}

    /** A state that has seen nothing and assumes {@code priorSlope}, in y per x. */
    public static LineFitState start(double priorSlope) {
        LineFitState state = new LineFitState();
        state.priorSlope = Checks.within("priorSlope", priorSlope, 0, LIMIT);
        state.slope = state.priorSlope;
        return state;
    }

    /** Takes up the pair (x, y). */
    public static void update(LineFitState state, double x, double y) {
        if (Double.isNaN(x) || Double.isNaN(y)) {
            return;
        }
        DecayedMoments m = state.moments;
        m.add(bounded(x), bounded(y), MEMORY_PAIRS);
        double prior = PRIOR_RATIO * m.meanX * m.meanX;
        double spread = m.sumXx + prior;
        double slope = spread > 0 ? (m.sumXy + prior * state.priorSlope) / spread : state.priorSlope;
        slope = Math.max(0, slope);
        double intercept = m.meanY - slope * m.meanX;
        if (intercept < 0) {
            intercept = 0;
            double aboutOrigin = m.sumXx + m.weight * m.meanX * m.meanX;
            slope = aboutOrigin > 0 ? Math.max(0, (m.sumXy + m.weight * m.meanX * m.meanY) / aboutOrigin) : 0;
        }
        state.slope = slope;
        state.intercept = intercept;
    }

    /** Whether there has been a pair. */
    public static boolean isKnown(LineFitState state) {
        return state.moments.weight > 0;
    }

    /** The line at {@code x}, which counts as at least 0. */
    public static double at(LineFitState state, double x) {
        return state.intercept + state.slope * bounded(x);
    }

    /** The x at which the line is {@code y}: 0 where it is above that from the start, infinite where it never gets there. */
    public static double reaches(LineFitState state, double y) {
        double above = y - state.intercept;
        if (above <= 0) {
            return 0;
        }
        return state.slope > 0 ? above / state.slope : Double.POSITIVE_INFINITY;
    }

    /** c0, the cost of nothing; 0 while unknown. */
    public static double intercept(LineFitState state) {
        return state.intercept;
    }

    /** c1, the cost of one more; the prior while unknown. */
    public static double slope(LineFitState state) {
        return state.slope;
    }

    /** The mean of the x that were seen; 0 while unknown. */
    public static double meanX(LineFitState state) {
        return state.moments.meanX;
    }

    private static double bounded(double value) {
        return value > 0 ? Math.min(LIMIT, value) : 0;
    }
}
