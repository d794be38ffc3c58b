package io.lull.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Targets;
import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.CostModel;
import io.lull.policy.sim.RunResult;
import io.lull.policy.sim.SimSettings;
import io.lull.policy.sim.Workload;
import io.lull.policy.sim.Workloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lull against every rival in every setting, on a handful of the synthetic workloads: few clients, many, a disk, bulk
 * transfer, computation beside clients, and load that comes and goes. {@code lull simulate --sweep} runs all of them.
 */
@Timeout(120)
class LullAgainstItsRivalsTest {
    private static final long TARGET_NANOS = 25_000_000;
    private static final Targets TARGETS = Targets.outputDelay(TARGET_NANOS);
    private static final Set<String> HANDFUL =
            Set.of("closed-4", "closed-50", "disk-8", "download", "mixed-cpu-open", "day");
    private static Comparison comparison = new Comparison(List.of(), java.util.Map.of());

    @BeforeAll
    static void runAll() throws InterruptedException {
        List<Workload> workloads = Workloads.standard().stream()
                .filter(workload -> HANDFUL.contains(workload.name()))
                .toList();
        Experiment experiment = new Experiment(
                workloads,
                Entrants.of(List.of(Entrants.ALL), true, TARGETS),
                TARGETS,
                CostModel.kvm(),
                SimSettings.DEFAULT.lasting(3_000_000_000L, 4_000_000_000L),
                List.of(1L),
                false);
        comparison = Laboratory.run(experiment, 2, RunListener.NONE).comparison();
        assertThat(comparison.workloads()).hasSameSizeAs(HANDFUL);
    }

    @Test
    void nowhereIsLullMoreThanATwentiethBelowTheBestSettingOfAnyRival() {
        assertThat(comparison.againstBestRival("lull"))
                .hasSameSizeAs(HANDFUL)
                .allSatisfy((workload, ratio) -> assertThat(ratio).as(workload).isGreaterThanOrEqualTo(0.95));
    }

    @Test
    void lullDoesAtLeastTwiceWhatRemusDoesAtTwentyFiveMillis() {
        List<Double> ratios = new ArrayList<>();
        for (String workload : comparison.workloads()) {
            Optional<RunResult> remus = comparison.runs().stream()
                    .filter(run -> run.workload().equals(workload)
                            && run.policy().equals("remus.fixed")
                            && run.setting().equals("T 25 ms"))
                    .findAny();
            ratios.add(lull(workload).scoreRatio() / remus.orElseThrow().scoreRatio());
        }

        assertThat(Comparison.geometricMean(ratios)).isGreaterThanOrEqualTo(2);
    }

    @Test
    void ninetyNineOfAHundredFramesLeaveInTimeWithinATenth() {
        for (String workload : comparison.workloads()) {
            assertThat(lull(workload).outputDelay().quantileNanos(0.99))
                    .as(workload)
                    .isLessThanOrEqualTo(TARGET_NANOS * 11 / 10);
        }
    }

    @Test
    void onlyTheBestRunOfEachPolicyKeepsItsEpochs() {
        for (String workload : comparison.workloads()) {
            assertThat(lull(workload).epochs()).isNotEmpty();
            assertThat(comparison.runs().stream()
                            .filter(run -> run.workload().equals(workload)
                                    && run.policy().equals("remus.fixed"))
                            .filter(run -> !run.epochs().isEmpty()))
                    .containsExactly(comparison.best(workload, "remus.fixed").orElseThrow());
        }
    }

    private static RunResult lull(String workload) {
        return comparison.best(workload, "lull").orElseThrow();
    }
}
