package io.lull.policy.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random runs of both sides and of a broker down to its log, with crashes, delay, repetition and loss. */
class FenceWalkTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final int WALKS = Integer.getInteger("lull.fence.walks", 3_000);
    private static final int STEPS = 2_000;

    private static Optional<String> wrong(Mistake mistake, long seed, Map<String, Integer> reached) {
        FenceWalk walk = new FenceWalk(mistake, seed);
        Optional<String> wrong = walk.wander(STEPS).or(walk::settle);
        walk.speakers().forEach(who -> reached.merge(who, 1, Integer::sum));
        if (walk.wasInherited()) {
            reached.merge("a VM that was taken has a primary", 1, Integer::sum);
        }
        if (walk.tookAhead()) {
            reached.merge("a claim that was begun ahead", 1, Integer::sum);
        }
        reached.merge(walk.isForAnOperator() ? "left to an operator" : "goes on by itself", 1, Integer::sum);
        return wrong.map(what -> "-Dlull.seed=" + seed + ": " + what);
    }

    private static LongStream seeds() {
        System.out.println("FenceWalkTest: -Dlull.seed=" + SEED);
        return LongStream.range(SEED, SEED + WALKS);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mistake.class,
            names = {"NONE", "NO_IDEMPOTENCE"})
    void neverDoTwoSidesSpeakAndOnceTheFaultsAreOverSomebodyDoes(Mistake mistake) {
        Map<String, Integer> reached = new TreeMap<>();
        assertThat(seeds().mapToObj(seed -> wrong(mistake, seed, reached))
                        .flatMap(Optional::stream)
                        .findFirst())
                .isEmpty();
        System.out.println(reached);
        assertThat(reached)
                .containsKeys(
                        "backup 0",
                        "backup 1",
                        "backup 2",
                        "a VM that was taken has a primary",
                        "a claim that was begun ahead",
                        "goes on by itself",
                        "the primary",
                        "the second run");
    }

    @ParameterizedTest
    @EnumSource(
            value = Mistake.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "NO_IDEMPOTENCE"})
    void aPlantedMistakeIsFound(Mistake mistake) {
        Optional<String> found = seeds().mapToObj(seed -> new FenceWalk(mistake, seed).wander(STEPS))
                .flatMap(Optional::stream)
                .findFirst();
        System.out.println(mistake + ": " + found);
        assertThat(found).as("what " + mistake + " does").isPresent();
    }

    @Test
    void aRunIsTheSameForTheSameSeed() {
        Map<String, Integer> first = new TreeMap<>();
        Map<String, Integer> again = new TreeMap<>();
        assertThat(wrong(Mistake.NO_FENCING, SEED, first)).isEqualTo(wrong(Mistake.NO_FENCING, SEED, again));
        assertThat(first).isEqualTo(again);
    }
}
