package io.lull.policy.lull;

import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.Ewma;
import io.lull.policy.signal.LineFit;
import io.lull.policy.signal.SlotHazard;
import io.lull.policy.signal.VacantThreshold;

/** Works out the numbers of a plan from what {@link LullPolicy} has learned and what the operator wants. */
final class LullPlanner {
    private static final double LEAST_HELD_NANOS = 250_000;
    private static final double ORDER_NANOS = 600_000;
    private static final double SPREADS = 2;
    private static final int HALVINGS = 24;
    private static final double TRIM_STEP_RATIO = 0.02;
    private static final double MISSED_RATIO = 0.01;

    private LullPlanner() {}

    static void fill(LullNumbers n, LullState state, Objectives objectives) {
        n.waitPriceRatio = LullPolicy.waitPriceRatio(state);
        n.averageLossRatio = LossRate.ratio(state.loss);
        n.talkPackets = state.talkPackets;
        n.nanosPerPacket = state.workedPackets > 0 ? state.workedNanos / state.workedPackets : 0;
        double pages = LineFit.meanX(state.commit);
        n.gapNanos = Math.max(0, LineFit.at(state.commit, pages) - LineFit.at(state.pause, pages));
        n.stuckRequests = state.stuckRequests;
        n.saturatedBusyRatio = state.saturatedBusyRatio;
        n.busyRatio = VacantThreshold.busyRatio(state.vacant);
        n.answeredBusyRatio = Math.min(1, LullPolicy.answeredBusyRatio(state));
        n.pauseNanos = LineFit.intercept(state.pause);
        n.pauseNanosPerPage = LineFit.slope(state.pause);
        n.slotsPerSecond = SlotHazard.perSecond(state.slots);
        n.maxEpochNanos = objectives.maxEpochNanos();
        Targets targets = objectives.targets();
        n.minEpochNanos = Math.min(n.maxEpochNanos, leastEpochNanos(state, targets, n));
        n.possibleNanos = 0;
        n.maxHeldNanos = Long.MAX_VALUE / 4;
        if (targets.outputDelayP99Nanos().isPresent()) {
            keepDelay(n, state, targets.outputDelayP99Nanos().getAsLong());
        }
    }

    /**
     * The longest that output may be held so that it leaves in time: h + order + commit(D(lead + h)) = target, where an
     * epoch is older than its oldest frame by the lead.
     */
    private static void keepDelay(LullNumbers n, LullState state, double targetNanos) {
        double spread = SPREADS * Ewma.meanOr(state.commitError, 0) + state.trimNanos + ORDER_NANOS;
        double lead = Ewma.meanOr(state.lead, 0);
        double low = LEAST_HELD_NANOS;
        double high = targetNanos;
        double least = low + spread + commitNanos(state, lead + low);
        if (least > targetNanos) {
            n.possibleNanos = least;
            n.maxHeldNanos = low;
            return;
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (middle + spread + commitNanos(state, lead + middle) > targetNanos) {
                high = middle;
            } else {
                low = middle;
            }
        }
        n.maxHeldNanos = low;
    }

    private static double commitNanos(LullState state, double epochNanos) {
        return LineFit.at(state.commit, DirtyCurve.pagesAt(state.dirty, (long) epochNanos));
    }

    /** The shortest epoch with which overhead and bandwidth stay within what is asked. */
    private static double leastEpochNanos(LullState state, Targets targets, LullNumbers n) {
        double least = 0;
        if (targets.overheadRatio().isPresent()) {
            least = shortest(state, targets.overheadRatio().getAsDouble(), true, n);
        }
        if (targets.shippedBytesPerSecond().isPresent()) {
            least = Math.max(
                    least, shortest(state, targets.shippedBytesPerSecond().getAsLong() / 1e9, false, n));
        }
        return least * state.stretch;
    }

    private static double shortest(LullState state, double most, boolean overhead, LullNumbers n) {
        double low = 0;
        double high = n.maxEpochNanos;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            double pages = DirtyCurve.pagesAt(state.dirty, (long) middle);
            double cost = overhead ? LineFit.at(state.pause, pages) : LineFit.at(state.wire, pages);
            if (cost / (middle + (overhead ? cost : 0)) > most) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** Dual ascent on the output delay: one epoch in a hundred may hold its oldest frame for longer than asked. */
    static void trim(LullState state, EpochReport report, Objectives objectives) {
        if (objectives.targets().outputDelayP99Nanos().isEmpty()
                || report.held().packets() == 0) {
            return;
        }
        double target = objectives.targets().outputDelayP99Nanos().getAsLong();
        boolean missed = report.held().maxWaitNanos() > target;
        double step = missed ? (1 - MISSED_RATIO) : -MISSED_RATIO;
        double most = target / 4;
        state.trimNanos = Math.max(-most, Math.min(most, state.trimNanos + step * TRIM_STEP_RATIO * target));
    }

    static String words(LullNumbers n) {
        StringBuilder words = new StringBuilder("ends when what waits costs more than ")
                .append(Math.round(100 * n.averageLossRatio))
                .append(" % of the VM");
        if (n.maxHeldNanos < Long.MAX_VALUE / 8) {
            words.append(", output held at most ")
                    .append(Math.round(n.maxHeldNanos / 1000))
                    .append(" us");
        }
        if (n.possibleNanos > 0) {
            words.append("; the output delay asked for can't be kept, about ")
                    .append(Math.round(n.possibleNanos / 1000))
                    .append(" us can");
        }
        return words.append(", at most ")
                .append(Math.round(n.maxEpochNanos / 1000))
                .append(" us")
                .toString();
    }
}
