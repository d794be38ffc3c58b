package io.lull.policy.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Short runs of everything with everything, in which plans and commands get lost, come late and come twice, telemetry
 * falls silent for longer than a lease, and the link stands still.
 *
 * <p>{@code -Dlull.runs=100000} makes more of them, {@code -Dlull.seed=…} starts at the one that failed.
 */
class RobustRunsTest {
    private static final int RUNS = Integer.getInteger("lull.runs", 10_000);
    private static final long FIRST_SEED = Long.getLong("lull.seed", 20_261_101L);

    @Test
    void whateverGoesWrongTheBoundsHoldAndEveryEpochHasItsReason() {
        Map<String, Integer> byPolicy = new TreeMap<>();
        long epochs = 0;
        long fallbacks = 0;
        long commands = 0;
        long watermarks = 0;
        long hard = 0;
        long began = System.nanoTime();
        for (int i = 0; i < RUNS; i++) {
            RandomRun run = RandomRun.of(FIRST_SEED + i);
            RunInvariants invariants = new RunInvariants(run);
            RunResult result;
            try {
                result = Trial.run(run.workload(), run.cost(), run.candidate(), run.settings(), run.seed(), invariants);
                invariants.judgeEpochs(result);
            } catch (RuntimeException e) {
                throw new AssertionError("run with seed " + run.seed() + ": " + run, e);
            }
            byPolicy.merge(run.candidate().policy(), 1, Integer::sum);
            epochs += result.epochs().size();
            fallbacks += invariants.fallbacks();
            commands += invariants.commands();
            watermarks += invariants.watermarks();
            hard += invariants.hardEnds();
        }

        System.out.printf(
                "%d runs from seed %d in %d ms: %d epochs, ended by fallback %d, command %d, watermark %d,"
                        + " hard T_max %d; %s%n",
                RUNS,
                FIRST_SEED,
                (System.nanoTime() - began) / Trial.MS,
                epochs,
                fallbacks,
                commands,
                watermarks,
                hard,
                byPolicy);
        assertThat(byPolicy).hasSize(10);
        assertThat(fallbacks).isPositive();
        assertThat(commands).isPositive();
        assertThat(watermarks).isPositive();
        assertThat(hard).isPositive();
    }
}
