package io.lull.lab.report;

import io.lull.policy.Checks;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.RunResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A comparison in a few numbers.
 *
 * @param standings of the policies, the best first
 * @param hardest where Lull does worst against the best rival; empty without Lull or without a rival
 */
record Summary(List<Standing> standings, Optional<Hardest> hardest) {
    Summary {
        standings = List.copyOf(standings);
    }

    /**
     * How a policy does on all workloads that it was run on, each in its best setting.
     *
     * @param scoreRatio geometric mean
     * @param lullAdvantageRatio geometric mean of Lull's score over its own; empty when Lull was not run
     * @param ceilingShareRatio geometric mean of its score over the best that is known to be possible
     */
    record Standing(
            String policy,
            int workloads,
            double scoreRatio,
            OptionalDouble lullAdvantageRatio,
            double ceilingShareRatio) {
        Standing {
            Checks.positive("workloads", workloads);
        }
    }

    /**
     * The workload on which Lull does worst against the best rival.
     *
     * @param scoreRatio Lull's score over the rival's
     */
    record Hardest(String workload, String rival, String setting, double scoreRatio) {}

    static Summary of(Comparison comparison) {
        List<Standing> standings = new ArrayList<>();
        boolean withLull = comparison.policies().contains(LullPolicy.NAME);
        for (String policy : comparison.policies()) {
            List<Double> scores = comparison.workloads().stream()
                    .flatMap(workload -> comparison.best(workload, policy).stream())
                    .map(RunResult::scoreRatio)
                    .toList();
            standings.add(new Standing(
                    policy,
                    scores.size(),
                    Comparison.geometricMean(scores),
                    withLull
                            ? OptionalDouble.of(comparison.advantage(LullPolicy.NAME, policy))
                            : OptionalDouble.empty(),
                    comparison.shareOfCeiling(policy)));
        }
        standings.sort(Comparator.comparingDouble(Standing::scoreRatio).reversed());
        return new Summary(standings, hardest(comparison));
    }

    private static Optional<Hardest> hardest(Comparison comparison) {
        return comparison.againstBestRival(LullPolicy.NAME).entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .flatMap(least -> comparison
                        .bestRival(least.getKey(), LullPolicy.NAME)
                        .map(rival -> new Hardest(least.getKey(), rival.policy(), rival.setting(), least.getValue())));
    }
}
