package io.lull.policy.lull;

import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerReason;
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
    /** How long it is remembered how frames were released. */
    private static final double RELEASED_TAU_NANOS = 10e9;

    private static final double LEAST_READY_RATIO = 0.1;
    private static final double MOST_READY_RATIO = 0.9;
    private static final double READY_STEP_RATIO = 0.05;
    private static final double SPREADS = 2;
    private static final int HALVINGS = 24;
    private static final double TRIM_STEP_RATIO = 0.02;
    private static final double MISSED_RATIO = 0.01;
    private static final double STRETCH_STEP_RATIO = 0.02;
    private static final double MOST_STRETCH = 4;
    private static final double MOST_POSSIBLE_NANOS = 1e15;
    private static final double NANOS_PER_SECOND = 1e9;

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
            long target = targets.outputDelayP99Nanos().getAsLong();
            if (state.lateStartPackets > MISSED_RATIO / 2 * state.releasedPackets) {
                n.maxEpochNanos =
                        Math.max(Math.max(n.minEpochNanos, target), readyEpochNanos(state, target, n.maxEpochNanos));
            }
            keepDelay(n, state, (double) target);
        }
        n.bound();
    }

    /**
     * The longest epoch after which a frame can still leave in time: commit(D(T)) = ready · target. A guest that begins to
     * talk after a silence finds the pages that were dirtied meanwhile in the way; it matters where more than a few in
     * a thousand of its frames are such beginnings.
     */
    private static double readyEpochNanos(LullState state, double targetNanos, double longest) {
        double low = 0;
        double high = longest;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (commitNanos(state, middle) > state.readyRatio * targetNanos) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    /**
     * The longest that output may be held so that it leaves in time: h + order + commit(D(lead + h)) = target, where an
     * epoch is older than its oldest frame by the lead.
     */
    private static void keepDelay(LullNumbers n, LullState state, double targetNanos) {
        double spread = SPREADS * Ewma.meanOr(state.commitError, 0) + state.trimNanos + ORDER_NANOS;
        double lead = Ewma.meanOr(state.lead, 0);
        double low = Math.max(LEAST_HELD_NANOS, n.minEpochNanos - lead);
        double high = Math.max(low, targetNanos);
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
        return least * state.stretch;
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

    /** With epochs of this length: the share of time in which the guest stands still, or the bytes shipped a second. */
    private static double rate(LullState state, double epochNanos, boolean overhead) {
        double pages = DirtyCurve.pagesAt(state.dirty, (long) epochNanos);
        double pauseNanos = LineFit.at(state.pause, pages);
        double cycleNanos = Math.max(1, epochNanos + pauseNanos);
        return overhead ? pauseNanos / cycleNanos : LineFit.at(state.wire, pages) / cycleNanos * NANOS_PER_SECOND;
    }

    /** Dual ascent: what was missed moves the multipliers a step, so that the next plans keep what is asked. */
    static void trim(LullState state, EpochReport report, Objectives objectives) {
        Targets targets = objectives.targets();
        if (targets.outputDelayP99Nanos().isPresent() && report.held().packets() > 0) {
            trimDelay(state, report, (double) targets.outputDelayP99Nanos().getAsLong());
        }
        stretch(state, report, targets);
    }

    /**
     * One epoch in a hundred may hold its oldest frame for longer than asked, or than is possible: then the multiplier
     * is what makes true what is said to be possible. Epochs that end long before their deadline say nothing of it.
     */
    private static void trimDelay(LullState state, EpochReport report, double targetNanos) {
        boolean longEpoch = report.lengthNanos() > targetNanos;
        double kept = Math.max(0, 1 - report.lengthNanos() / RELEASED_TAU_NANOS);
        state.releasedPackets = kept * state.releasedPackets + report.held().packets();
        state.lateStartPackets =
                kept * state.lateStartPackets + (longEpoch ? report.held().packets() : 0);
        double target = Math.max(targetNanos, Math.min(MOST_POSSIBLE_NANOS, state.inForce.possibleNanos));
        boolean missed = report.held().maxWaitNanos() > target;
        double step = missed ? (1 - MISSED_RATIO) : -MISSED_RATIO;
        if (longEpoch) {
            state.readyRatio =
                    Math.max(LEAST_READY_RATIO, Math.min(MOST_READY_RATIO, state.readyRatio - step * READY_STEP_RATIO));
            return;
        }
        if (!missed && report.reason() != TriggerReason.DEADLINE) {
            return;
        }
        double most = target / 4;
        state.trimNanos = Math.max(-most, Math.min(most, state.trimNanos + step * TRIM_STEP_RATIO * target));
    }

    /**
     * Overhead and bandwidth: the factor by which epochs are longer than computed, from 1, so that a policy that waits
     * longer of its own accord does not unlearn it. It does not grow while the longest epoch is the shortest too.
     */
    private static void stretch(LullState state, EpochReport report, Targets targets) {
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
        double step = Math.max(-1, Math.min(atEnd ? 0 : 1, used - 1)) * STRETCH_STEP_RATIO;
        state.stretch = Math.max(1, Math.min(MOST_STRETCH, state.stretch * (1 + step)));
    }

    static String words(LullNumbers n, long maxEpochNanos) {
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
        if (n.possibleOverheadRatio > 0) {
            words.append("; the overhead asked for can't be kept, about ")
                    .append(Math.round(1000 * n.possibleOverheadRatio) / 10.0)
                    .append(" % can");
        }
        if (n.possibleBytesPerSecond > 0) {
            words.append("; the bandwidth asked for can't be kept, about ")
                    .append(Math.round(n.possibleBytesPerSecond))
                    .append(" B/s can");
        }
        return words.append(", at most ")
                .append(maxEpochNanos / 1000)
                .append(" us")
                .toString();
    }
}
