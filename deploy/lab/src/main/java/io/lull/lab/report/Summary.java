package io.lull.lab.report;

import io.lull.policy.Checks;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.RunResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A comparison in a few numbers, each of which follows from the scores of its runs.
 *
 * @param rows one for each workload, in the order of the comparison
 * @param standings of the policies, the best first
 */
record Summary(List<Row> rows, List<Standing> standings) {
    Summary {
        rows = List.copyOf(rows);
        standings = List.copyOf(standings);
    }

    /**
     * One workload: Lull, the best run of any other policy, and the oracle, each where there is one.
     *
     * @param lullScoreRatio Lull's score
     * @param bestRival of any policy but Lull, in any setting
     * @param oracleScoreRatio the oracle's score
     */
    record Row(
            String workload,
            OptionalDouble lullScoreRatio,
            Optional<RunResult> bestRival,
            OptionalDouble oracleScoreRatio) {
        /** Lull's score over the best rival's. */
        OptionalDouble lullOverRival() {
            return over(lullScoreRatio, rivalScoreRatio());
        }

        /** Lull's score over the oracle's. */
        OptionalDouble lullOverOracle() {
            return over(lullScoreRatio, oracleScoreRatio);
        }

        /** The oracle's score over the best rival's: more than this no policy can gain. */
        OptionalDouble oracleOverRival() {
            return over(oracleScoreRatio, rivalScoreRatio());
        }

        OptionalDouble rivalScoreRatio() {
            return bestRival.isPresent() ? OptionalDouble.of(bestRival.get().scoreRatio()) : OptionalDouble.empty();
        }

        private static OptionalDouble over(OptionalDouble one, OptionalDouble other) {
            return one.isPresent() && other.isPresent() && other.getAsDouble() > 0
                    ? OptionalDouble.of(one.getAsDouble() / other.getAsDouble())
                    : OptionalDouble.empty();
        }
    }

    /**
     * How a policy does on all workloads that it was run on.
     *
     * @param scoreRatio geometric mean, in its best setting on each workload
     * @param single its best setting when one must do for all workloads
     * @param lullAdvantageRatio geometric mean of Lull's score over its own, each in its best setting on each workload;
     *     empty when Lull was not run
     * @param lullAdvantageOverSingleRatio the same over its best single setting
     * @param lull its work, delay and bytes against this policy's; empty when Lull was not run
     * @param ceilingShareRatio geometric mean of its score over the best that is known to be possible
     */
    record Standing(
            String policy,
            int workloads,
            double scoreRatio,
            Comparison.Single single,
            OptionalDouble lullAdvantageRatio,
            OptionalDouble lullAdvantageOverSingleRatio,
            Optional<Against> lull,
            double ceilingShareRatio) {
        Standing {
            Checks.positive("workloads", workloads);
        }
    }

    static Summary of(Comparison comparison) {
        List<Row> rows = new ArrayList<>();
        for (String workload : comparison.workloads()) {
            rows.add(new Row(
                    workload,
                    score(comparison.best(workload, LullPolicy.NAME)),
                    comparison.bestRival(workload, LullPolicy.NAME),
                    score(comparison.oracle(workload))));
        }
        List<Standing> standings = new ArrayList<>();
        for (String policy : comparison.policies()) {
            standings.add(standing(comparison, policy));
        }
        standings.sort(Comparator.comparingDouble(Standing::scoreRatio).reversed());
        return new Summary(rows, standings);
    }

    private static Standing standing(Comparison comparison, String policy) {
        List<String> workloads = comparison.workloads().stream()
                .filter(workload -> comparison.best(workload, policy).isPresent())
                .toList();
        double score = Comparison.geometricMean(workloads.stream()
                .map(workload -> comparison.best(workload, policy).orElseThrow().scoreRatio())
                .toList());
        Comparison.Single single = comparison.bestSingle(policy).orElseThrow();
        List<Double> lull = workloads.stream()
                .flatMap(workload -> comparison.best(workload, LullPolicy.NAME).stream())
                .map(RunResult::scoreRatio)
                .toList();
        boolean withLull = lull.size() == workloads.size();
        double lullScore = Comparison.geometricMean(lull);
        return new Standing(
                policy,
                workloads.size(),
                score,
                single,
                withLull ? OptionalDouble.of(lullScore / score) : OptionalDouble.empty(),
                withLull ? OptionalDouble.of(lullScore / single.scoreRatio()) : OptionalDouble.empty(),
                Against.of(comparison, policy),
                comparison.shareOfCeiling(policy));
    }

    private static OptionalDouble score(Optional<RunResult> run) {
        return run.isPresent() ? OptionalDouble.of(run.get().scoreRatio()) : OptionalDouble.empty();
    }

    /** The workload on which Lull does worst against the best rival; empty without Lull or without a rival. */
    Optional<Row> hardest() {
        return rows.stream()
                .filter(row -> row.lullOverRival().isPresent())
                .min(Comparator.comparingDouble(row -> row.lullOverRival().getAsDouble()));
    }

    /** Geometric mean of {@code figure} over the workloads that have it; empty when none has. */
    OptionalDouble mean(Function<Row, OptionalDouble> figure) {
        List<Double> values = new ArrayList<>();
        for (Row row : rows) {
            figure.apply(row).ifPresent(values::add);
        }
        return values.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Comparison.geometricMean(values));
    }

    /** The smallest {@code figure} of any workload; empty when none has it. */
    OptionalDouble least(Function<Row, OptionalDouble> figure) {
        return rows.stream()
                .map(figure)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .min();
    }

    /** Whether Lull took part. */
    boolean hasLull() {
        return rows.stream().anyMatch(row -> row.lullScoreRatio().isPresent());
    }

    /** Whether anybody else did. */
    boolean hasRivals() {
        return rows.stream().anyMatch(row -> row.bestRival().isPresent());
    }
}
