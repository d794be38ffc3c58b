package io.lull.bench.faults.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws lives from a seed. The first fault of life n is the n-th kind in turn, in the phase whose turn it is, so that
 * every kind meets every phase once in kinds × phases lives; all else is random.
 */
public final class Lives {
    /** Faults of one life, at most. */
    public static final int MAX_FAULTS = 3;

    private static final int WAIT_MILLIS = 1_000;
    private static final long SHORTEST_JUMP_MILLIS = 1_000;
    private static final long LONGEST_JUMP_MILLIS = 3_600_000;

    private final long seed;
    private final List<FaultKind> kinds;

    public Lives(long seed, List<FaultKind> kinds) {
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("a campaign needs a kind of fault");
        }
        this.seed = seed;
        this.kinds = List.copyOf(kinds);
    }

    /** The same for the same seed, kinds and number, whatever was drawn before. */
    public Life draw(long number) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
        List<PlannedFault> faults = new ArrayList<>();
        int turn = Math.floorMod(number, kinds.size());
        Phase phase = Phase.values()[(int) Math.floorMod(number / kinds.size(), (long) Phase.values().length)];
        faults.add(fault(kinds.get(turn), phase, random));
        for (int more = random.nextInt(MAX_FAULTS); more > 0; more--) {
            faults.add(fault(kinds.get(random.nextInt(kinds.size())), anyPhase(random), random));
        }
        return new Life(number, faults, aim(anyPhase(random), random));
    }

    private static PlannedFault fault(FaultKind kind, Phase phase, SplittableRandom random) {
        int lasts = random.nextInt(kind.leastMillis(), kind.mostMillis() + 1);
        return new PlannedFault(kind, aim(phase, random), lasts, kind.jumps() ? jumpMillis(random) : 0);
    }

    /** Short ones as often as long ones, forward as often as back. */
    private static long jumpMillis(SplittableRandom random) {
        long size = Math.round(SHORTEST_JUMP_MILLIS
                * Math.pow((double) LONGEST_JUMP_MILLIS / SHORTEST_JUMP_MILLIS, random.nextDouble()));
        return random.nextBoolean() ? size : -size;
    }

    private static Aim aim(Phase phase, SplittableRandom random) {
        return new Aim(random.nextInt(WAIT_MILLIS), phase, random.nextInt(phase.spreadMicros()));
    }

    private static Phase anyPhase(SplittableRandom random) {
        return Phase.values()[random.nextInt(Phase.values().length)];
    }
}
