package io.lull.policy.sim;

import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.plover.IdleSlotPolicy;
import io.lull.policy.remus.FixedIntervalPolicy;
import io.lull.policy.rival.Candidate;

/** Short words for what the simulator's tests run. */
final class Runs {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000_000_000;
    static final long SEED = 20081;

    private Runs() {}

    static Candidate fixed(long intervalNanos) {
        Objectives objectives = new Objectives(intervalNanos, 500 * MILLI, TriggerPlacement.HOST, Targets.NONE);
        return new Candidate(FixedIntervalPolicy.NAME, "fixed", new FixedIntervalPolicy(), objectives);
    }

    static Candidate idleSlots(long maxEpochNanos) {
        Objectives objectives = new Objectives(maxEpochNanos, maxEpochNanos, TriggerPlacement.HOST, Targets.NONE);
        return new Candidate(IdleSlotPolicy.NAME, "idle slots", new IdleSlotPolicy(), objectives);
    }

    static SimSettings seconds(long counted) {
        return SimSettings.DEFAULT.lasting(2 * SECOND, counted * SECOND);
    }

    /** Ticks of 0.5 ms, as the first measurements of idle slots were made with. */
    static SimSettings halfMilliTicks(long counted) {
        SimSettings base = seconds(counted);
        return new SimSettings(base.limits(), 500_000, base.control(), base.warmUpNanos(), base.runNanos());
    }

    /** Mean of a histogram, from the middle of each bucket. */
    static double meanNanos(Delays delays) {
        double middle = Math.pow(2, -0.5 / Delays.PER_OCTAVE);
        long[] counts = delays.counts();
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i] * middle * Delays.upperEdgeNanos(i);
        }
        return sum / delays.count();
    }
}
