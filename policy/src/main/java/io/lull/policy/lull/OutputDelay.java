package io.lull.policy.lull;

import io.lull.policy.TriggerReason;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.Ewma;
import io.lull.policy.signal.LineFit;

/**
 * Keeps the output delay that is asked for: how long frames are held, and how old an epoch may be that has none yet.
 *
 * <pre>
 * p99(h, T) = h + order + trim + q · commit(D(T))                delay of a frame held for h when an epoch of T ends
 * h         : p99(h, lead + h) = target                          lead: time in an epoch before its first frame
 *           = {@value #LEAST_HELD_NANOS} ns                       where not even that keeps the target
 * goal      = the target, or p99 at that h: what is possible
 * T_full    : p99({@value #LEAST_HELD_NANOS} ns, T_full) = goal  older epochs release no frame in time
 * </pre>
 *
 * <p>Where more than a few in a thousand frames leave from epochs of about
 * T_full or more, no epoch gets older than that.
 *
 * <p>q is the 97th percentile of the commit over what was expected of an epoch of its length, followed by stochastic
 * approximation (Robbins and Monro 1951): it grows by 32 parts of a step where it is passed, and falls by one where it
 * is not; few frames of an epoch wait as long as its oldest, so that of the frames far fewer are late. The trim is dual
 * ascent on what was measured: one frame in a hundred may leave late.
 */
final class OutputDelay {
    static final int LEAST_HELD_NANOS = 250_000;
    private static final double ORDER_NANOS = 600_000;
    /** How long it is remembered how frames were released. */
    private static final double RELEASED_TAU_NANOS = 10e9;

    private static final double MISSED_RATIO = 0.01;
    private static final double RATIO_STEP = 0.05;
    private static final double MOST_COMMIT_RATIO = 8;
    private static final double TRIM_STEP_RATIO = 0.03;
    /** What is aimed at, so that what scatters around it stays within what is asked. */
    private static final double AIM_RATIO = 0.97;

    static final double PASSED_RATIO = 0.03;
    private static final int PACKETS_REPORTS = 64;
    private static final double MOST_WEIGHT = 4;
    private static final double FULL_RATIO = 0.9;
    private static final double MOST_FULL_RATIO = 1.25;
    private static final double MOST_POSSIBLE_NANOS = 1e15;
    private static final int NEWTON_STEPS = 8;

    private OutputDelay() {}

    /** Works out the numbers of a plan that keeps {@code targetNanos}. */
    static void plan(LullNumbers n, LullState state, double targetNanos) {
        double aim = AIM_RATIO * targetNanos;
        double lead = Ewma.meanOr(state.lead, 0);
        double low = Math.max(LEAST_HELD_NANOS, n.minEpochNanos - lead);
        double goal = aim;
        if (delayNanos(state, low, lead + low) > aim) {
            n.maxHeldNanos = low;
            goal = delayNanos(state, n.maxHeldNanos, lead + n.maxHeldNanos);
            n.possibleNanos = goal > targetNanos ? goal : 0;
        } else {
            n.maxHeldNanos = longestHoldNanos(state, lead, low, aim);
        }
        n.fullEpochNanos = fullEpochNanos(state, goal, lead + n.maxHeldNanos, n.maxEpochNanos);
        if (state.fullPackets > MISSED_RATIO / 2 * state.releasedPackets) {
            // The longest epoch counts from the start of the pause before it.
            double pause = LineFit.at(state.pause, DirtyCurve.pagesAt(state.dirty, (long) n.fullEpochNanos));
            n.maxEpochNanos = Math.max(n.minEpochNanos, Math.min(n.maxEpochNanos, n.fullEpochNanos + pause));
        }
    }

    /**
     * The longest hold that keeps the target, between {@code least}, which does, and the target. The delay is concave in
     * it, so that Newton's method comes from below after its first step; it starts at what is in force.
     */
    private static double longestHoldNanos(LullState state, double lead, double least, double targetNanos) {
        double most = Math.max(least, targetNanos);
        double held = Math.max(least, Math.min(most, state.inForce.maxHeldNanos));
        for (int i = 0; i < NEWTON_STEPS; i++) {
            double epoch = lead + held;
            double pages = DirtyCurve.pagesAt(state.dirty, (long) epoch);
            double over = held + aroundNanos(state) + state.commitRatio * LineFit.at(state.commit, pages) - targetNanos;
            double perPage = state.commitRatio * LineFit.slope(state.commit);
            double next = held - over / (1 + perPage * state.dirty.exponent * pages / epoch);
            next = Math.max(least, Math.min(most, next));
            if (Math.abs(next - held) < 1) {
                return next;
            }
            held = next;
        }
        return held;
    }

    private static double fullEpochNanos(LullState state, double goalNanos, double least, double longest) {
        double commitNanos = (goalNanos - LEAST_HELD_NANOS - aroundNanos(state)) / state.commitRatio;
        double full = DirtyCurve.nanosUntil(state.dirty, LineFit.reaches(state.commit, commitNanos));
        return Math.max(Math.min(least, longest), Math.min(longest, full));
    }

    /** p99(h, T). */
    private static double delayNanos(LullState state, double heldNanos, double epochNanos) {
        return heldNanos + aroundNanos(state) + state.commitRatio * commitNanos(state, epochNanos);
    }

    /** What of a frame's delay is neither hold nor commit. */
    private static double aroundNanos(LullState state) {
        return ORDER_NANOS + state.trimNanos;
    }

    private static double commitNanos(LullState state, double epochNanos) {
        return LineFit.at(state.commit, DirtyCurve.pagesAt(state.dirty, (long) epochNanos));
    }

    /** Takes up how long the commit of an epoch took against what was expected; before the fits take up the report. */
    static void learnCommit(LullState state, EpochReport report) {
        double expected = commitNanos(state, report.lengthNanos());
        if (expected > 0) {
            boolean passed = report.stages().commitNanos() > state.commitRatio * expected;
            double next = state.commitRatio * Math.exp(RATIO_STEP * (passed ? 1 - PASSED_RATIO : -PASSED_RATIO));
            state.commitRatio = Math.max(1, Math.min(MOST_COMMIT_RATIO, next));
        }
    }

    /**
     * Takes up how long an epoch's frames were held, against what was asked or, where that is more, what was said to be
     * possible: so the multiplier makes that true. Epochs that end long before their deadline say nothing of it, nor do
     * those that were full before their first frame came, nor what a gate lets go that sees no frames.
     */
    static void learnHeld(LullState state, EpochReport report, double targetNanos) {
        if (!report.held().known()) {
            return;
        }
        boolean full = report.lengthNanos() >= FULL_RATIO * state.inForce.fullEpochNanos;
        double kept = Math.max(0, 1 - report.lengthNanos() / RELEASED_TAU_NANOS);
        state.releasedPackets = kept * state.releasedPackets + report.held().packets();
        state.fullPackets = kept * state.fullPackets + (full ? report.held().packets() : 0);
        double target = Math.max(AIM_RATIO * targetNanos, Math.min(MOST_POSSIBLE_NANOS, state.inForce.possibleNanos));
        double late = lateRatio(report, target);
        boolean tooOld = report.lengthNanos() > MOST_FULL_RATIO * state.inForce.fullEpochNanos;
        if (tooOld || late == 0 && report.reason() != TriggerReason.DEADLINE) {
            return;
        }
        double packets = (double) report.held().packets();
        Ewma.update(state.deadlinePackets, packets, 1, PACKETS_REPORTS);
        double weight = Math.min(MOST_WEIGHT, packets / Ewma.meanOr(state.deadlinePackets, packets));
        double step = weight * (late - MISSED_RATIO) * TRIM_STEP_RATIO * target;
        double most = target / 4;
        // Where the target is out of reach nearly every epoch is full: what is possible is said no better than
        // computed.
        double least = state.inForce.possibleNanos > 0 ? Math.min(0, state.trimNanos) : -most;
        state.trimNanos = Math.max(least, Math.min(most, state.trimNanos + step));
    }

    /** Share of an epoch's frames that left late, as if they had been sent evenly from the oldest one to the pause. */
    private static double lateRatio(EpochReport report, double targetNanos) {
        double oldest = report.held().maxWaitNanos();
        double spread = Math.max(LEAST_HELD_NANOS, oldest - report.stages().commitNanos());
        return Math.max(0, Math.min(1, (oldest - targetNanos) / spread));
    }
}
