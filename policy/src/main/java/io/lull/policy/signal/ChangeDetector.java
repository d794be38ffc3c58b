package io.lull.policy.signal;

/**
 * Tells when a positive quantity, such as a busy share or a rate of dirty pages, has moved to another level for good:
 * the workload has changed its phase, and what was learned of the last one should be doubted.
 *
 * <pre>
 * x     = ln(value + floor)
 * z     = clamp((x − mean) / max(deviation, {@value #LEAST_DEVIATION}), ±{@value #CLIP})
 * above ← max(0, above + z − {@value #SLACK}),   below ← max(0, below − z − {@value #SLACK})
 * changed when above or below passes {@value #LIMIT}
 * </pre>
 *
 * <p>A two-sided CUSUM on standardised logarithms; factors count, not differences. Mean and deviation are learned from
 * the phase itself: plainly over the first {@value #WARM_UP} values, in which nothing is reported, then with a memory
 * of {@value #MEMORY_VALUES} values, so that a slow drift is followed and not reported.
 *
 * <p>Regimes: noise of any scale passes unseen, and with it a lasting change below one deviation or below 10 %; a
 * change by three deviations or more is reported after some 7 values; a single outlier never is, since it counts as
 * {@value #CLIP} deviations. After a report a new phase begins and is learned from the start.
 *
 * <p>Noise must not hang together over more than a few values, or its waves are taken for phases: feed means of some
 * 10 to 100 ms, not samples of 1 ms. Source: Page, "Continuous inspection schemes", Biometrika 41 (1954).
 */
public final class ChangeDetector {
    static final int WARM_UP = 32;
    static final int MEMORY_VALUES = 256;
    static final double LEAST_DEVIATION = 0.1;
    static final double SLACK = 1;
    static final double CLIP = 3;
    static final double LIMIT = 12;
    private static final double LEAST_FLOOR = 1e-9;

    private ChangeDetector() {}

    /**
     * Takes up {@code value} and returns whether it ended a phase.
     *
     * @param floor what counts as next to nothing, in the unit of the value: changes below it are not looked at
     */
    public static boolean update(ChangeState state, double value, double floor) {
        state.changed = false;
        if (Double.isNaN(value)) {
            return false;
        }
        double above = Math.max(0, Math.min(Ewma.LIMIT, value));
        double x = Math.log(above + (floor > LEAST_FLOOR ? Math.min(Ewma.LIMIT, floor) : LEAST_FLOOR));
        if (state.values >= WARM_UP) {
            double deviation = Math.max(LEAST_DEVIATION, Math.sqrt(state.variance));
            double z = Math.max(-CLIP, Math.min(CLIP, (x - state.mean) / deviation));
            state.aboveSum = Math.max(0, state.aboveSum + z - SLACK);
            state.belowSum = Math.max(0, state.belowSum - z - SLACK);
            if (Math.max(state.aboveSum, state.belowSum) > LIMIT) {
                reset(state);
                state.changed = true;
                state.changes++;
            } else {
                learn(state, state.mean + z * deviation);
                return false;
            }
        }
        learn(state, x);
        return state.changed;
    }

    /** Forgets the present phase, so that the next value begins one; the count of phases stays. */
    public static void reset(ChangeState state) {
        state.changed = false;
        state.values = 0;
        state.mean = 0;
        state.variance = 0;
        state.aboveSum = 0;
        state.belowSum = 0;
    }

    private static void learn(ChangeState state, double x) {
        state.values++;
        double step = 1.0 / Math.min(state.values, MEMORY_VALUES);
        double distance = x - state.mean;
        state.mean += distance * step;
        state.variance = (1 - step) * (state.variance + distance * distance * step);
    }
}
