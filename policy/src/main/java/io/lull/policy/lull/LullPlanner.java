package io.lull.policy.lull;

import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.LineFit;
import io.lull.policy.signal.SlotHazard;
import io.lull.policy.signal.VacantThreshold;

/** Works out the numbers of a plan from what {@link LullPolicy} has learned and what the operator wants. */
final class LullPlanner {
    private LullPlanner() {}

    static void fill(LullNumbers n, LullState state, Objectives objectives) {
        n.waitPriceRatio = LullPolicy.waitPriceRatio(state);
        n.averageLossRatio = LossRate.ratio(state.loss);
        Services.fill(n.services, state.services, LullPolicy.background(state), LossRate.ranRatio(state.loss));
        n.talkPackets = state.talkPackets;
        n.nanosPerPacket = LullPolicy.nanosPerPacket(state);
        double pages = LineFit.meanX(state.commit);
        n.gapNanos = Math.max(0, LineFit.at(state.commit, pages) - LineFit.at(state.pause, pages));
        n.stuckRequests = state.stuckRequests;
        n.saturatedBusyRatio = state.saturatedBusyRatio;
        n.busyRatio = VacantThreshold.busyRatio(state.vacant);
        n.answeredBusyRatio = LullPolicy.workRatio(state, LullPolicy.answeredBusyRatio(state));
        n.pauseNanos = LineFit.intercept(state.pause);
        n.pauseNanosPerPage = LineFit.slope(state.pause);
        n.slotsPerSecond = SlotHazard.perSecond(state.slots);
        bound(n, state, objectives);
        n.bound();
    }

    /** Bounds of the epoch's length and of how long output is held. */
    private static void bound(LullNumbers n, LullState state, Objectives objectives) {
        Targets targets = objectives.targets();
        n.maxEpochNanos = objectives.maxEpochNanos();
        n.fullEpochNanos = n.maxEpochNanos;
        n.possibleNanos = 0;
        n.maxHeldNanos = Long.MAX_VALUE / 4;
        Budget.plan(n, state, targets);
        n.readyWorkNanos = Readiness.workNanos(state, n.maxEpochNanos);
        double leastSilentNanos = 2.0 * targets.outputDelayP99Nanos().orElse(objectives.intervalNanos());
        n.maxEpochNanos = Readiness.epochNanos(state, Math.max(n.minEpochNanos, leastSilentNanos), n.maxEpochNanos);
        if (targets.outputDelayP99Nanos().isPresent()) {
            OutputDelay.plan(n, state, (double) targets.outputDelayP99Nanos().getAsLong());
        }
    }

    /** Takes up what an epoch made of what is wanted. */
    static void learn(LullState state, EpochReport report, Objectives objectives) {
        Targets targets = objectives.targets();
        if (targets.outputDelayP99Nanos().isPresent() && report.held().packets() > 0) {
            OutputDelay.learnHeld(
                    state, report, (double) targets.outputDelayP99Nanos().getAsLong());
        }
        Budget.learn(state, report, targets);
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
