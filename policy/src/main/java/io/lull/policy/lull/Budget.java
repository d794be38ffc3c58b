package io.lull.policy.lull;

import io.lull.policy.Targets;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.LineFit;

/**
 * Keeps the overhead and the bandwidth that are asked for: the shortest epoch with which both stay within them.
 *
 * <pre>
 * overhead(T)  = P(D(T)) / (T + P(D(T)))
 * bandwidth(T) = bytes(D(T)) / (T + P(D(T)))
 * T_min        = stretch · the least T with both within what is asked
 * </pre>
 *
 * <p>Both fall with T, since D is concave. The stretch is dual ascent with a step limit on what was measured, from 1, so
 * that a policy that waits longer of its own accord does not unlearn it; it does not grow while the longest epoch is the
 * shortest too. What not even the longest epoch keeps is said with what it does.
 */
final class Budget {
    private static final double STEP_RATIO = 0.02;
    private static final double MOST_STRETCH = 4;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int HALVINGS = 24;

    private Budget() {}

    /** The shortest epoch with which overhead and bandwidth stay within what is asked. */
    static void plan(LullNumbers n, LullState state, Targets targets) {
        n.possibleOverheadRatio = 0;
        n.possibleBytesPerSecond = 0;
        double least = 0;
        if (targets.overheadRatio().isPresent()) {
            double most = targets.overheadRatio().getAsDouble();
            least = shortest(state, most, true, n.maxEpochNanos);
            double possible = rate(state, n.maxEpochNanos, true);
            n.possibleOverheadRatio = possible > most ? possible : 0;
        }
        if (targets.shippedBytesPerSecond().isPresent()) {
            double most = (double) targets.shippedBytesPerSecond().getAsLong();
            least = Math.max(least, shortest(state, most, false, n.maxEpochNanos));
            double possible = rate(state, n.maxEpochNanos, false);
            n.possibleBytesPerSecond = possible > most ? possible : 0;
        }
        n.minEpochNanos = Math.min(n.maxEpochNanos, least * state.stretch);
    }

    private static double shortest(LullState state, double most, boolean overhead, double longestNanos) {
        double low = 0;
        double high = longestNanos;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (rate(state, middle, overhead) > most) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static double rate(LullState state, double epochNanos, boolean overhead) {
        double pages = DirtyCurve.pagesAt(state.dirty, (long) epochNanos);
        double pauseNanos = LineFit.at(state.pause, pages);
        double cycleNanos = Math.max(1, epochNanos + pauseNanos);
        return overhead ? pauseNanos / cycleNanos : LineFit.at(state.wire, pages) / cycleNanos * NANOS_PER_SECOND;
    }

    /** Takes up what an epoch used of them. */
    static void learn(LullState state, EpochReport report, Targets targets) {
        double pauseNanos = report.pause().totalNanos();
        double cycleNanos = Math.max(1, report.lengthNanos() + pauseNanos);
        double used = 1;
        if (targets.overheadRatio().isPresent()) {
            used = pauseNanos / cycleNanos / targets.overheadRatio().getAsDouble();
        }
        if (targets.shippedBytesPerSecond().isPresent()) {
            double perSecond = report.bytes().shippedBytes() / cycleNanos * NANOS_PER_SECOND;
            double share = perSecond / targets.shippedBytesPerSecond().getAsLong();
            used = targets.overheadRatio().isPresent() ? Math.max(used, share) : share;
        }
        boolean atEnd = state.inForce.minEpochNanos >= state.inForce.maxEpochNanos;
        double step = Math.max(-1, Math.min(atEnd ? 0 : 1, used - 1)) * STEP_RATIO;
        state.stretch = Math.max(1, Math.min(MOST_STRETCH, state.stretch * (1 + step)));
    }
}
