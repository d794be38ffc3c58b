package io.lull.policy.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs of several candidates on several workloads, side by side. Where a policy was run in several settings its best
 * one on each workload counts: no rival is judged by a setting that does not suit.
 *
 * @param runs all of them, in any order
 * @param oracles what the oracle found, by workload; there is none where it was not asked or can't speak of the run
 */
public record Comparison(List<RunResult> runs, Map<String, RunResult> oracles) {
    public Comparison {
        runs = List.copyOf(runs);
        oracles = Map.copyOf(oracles);
    }

    /**
     * One setting of a policy, used on all workloads.
     *
     * @param scoreRatio geometric mean over them
     */
    public record Single(String setting, double scoreRatio) {}

    /** The workloads, in the order in which they were run. */
    public List<String> workloads() {
        LinkedHashSet<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.add(run.workload()));
        return List.copyOf(names);
    }

    /** The policies, in the order in which they were run. */
    public List<String> policies() {
        LinkedHashSet<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.add(run.policy()));
        return List.copyOf(names);
    }

    /** The run of {@code policy} on {@code workload} in its best setting there. */
    public Optional<RunResult> best(String workload, String policy) {
        return runs.stream()
                .filter(run -> run.workload().equals(workload) && run.policy().equals(policy))
                .max(Comparator.comparingDouble(RunResult::scoreRatio));
    }

    /** The best run of any policy but {@code policy} on {@code workload}. */
    public Optional<RunResult> bestRival(String workload, String policy) {
        return runs.stream()
                .filter(run -> run.workload().equals(workload) && !run.policy().equals(policy))
                .max(Comparator.comparingDouble(RunResult::scoreRatio));
    }

    /** What the oracle found on {@code workload}. */
    public Optional<RunResult> oracle(String workload) {
        return Optional.ofNullable(oracles.get(workload));
    }

    /** The setting of {@code policy} that does best when it is used on all workloads; empty when it has no run. */
    public Optional<Single> bestSingle(String policy) {
        Map<String, List<Double>> scores = new LinkedHashMap<>();
        runs.stream().filter(run -> run.policy().equals(policy)).forEach(run -> scores.computeIfAbsent(
                        run.setting(), key -> new ArrayList<>())
                .add(run.scoreRatio()));
        return scores.entrySet().stream()
                .map(entry -> new Single(entry.getKey(), geometricMean(entry.getValue())))
                .max(Comparator.comparingDouble(Single::scoreRatio));
    }

    /** The best score that is known to be possible on {@code workload}: the oracle's or that of the best run. */
    public double ceiling(String workload) {
        double best = oracle(workload).map(RunResult::scoreRatio).orElse(0.0);
        for (RunResult run : runs) {
            if (run.workload().equals(workload)) {
                best = Math.max(best, run.scoreRatio());
            }
        }
        return best;
    }

    /** Geometric mean over all workloads of {@code policy}'s score against {@code other}'s, each at its best. */
    public double advantage(String policy, String other) {
        List<Double> ratios = new ArrayList<>();
        for (String workload : workloads()) {
            Optional<RunResult> mine = best(workload, policy);
            Optional<RunResult> theirs = best(workload, other);
            if (mine.isPresent() && theirs.isPresent()) {
                ratios.add(mine.get().scoreRatio() / theirs.get().scoreRatio());
            }
        }
        return geometricMean(ratios);
    }

    /** Geometric mean over all workloads of {@code policy}'s score against the best that is known to be possible. */
    public double shareOfCeiling(String policy) {
        List<Double> ratios = new ArrayList<>();
        for (String workload : workloads()) {
            best(workload, policy).ifPresent(run -> ratios.add(run.scoreRatio() / ceiling(workload)));
        }
        return geometricMean(ratios);
    }

    /** By workload, {@code policy}'s score against that of the best rival there. */
    public Map<String, Double> againstBestRival(String policy) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (String workload : workloads()) {
            Optional<RunResult> mine = best(workload, policy);
            Optional<RunResult> rival = bestRival(workload, policy);
            if (mine.isPresent() && rival.isPresent()) {
                ratios.put(workload, mine.get().scoreRatio() / rival.get().scoreRatio());
            }
        }
        return ratios;
    }

    /** exp of the mean logarithm; 1 of nothing. */
    public static double geometricMean(List<Double> values) {
        double logs = 0;
        for (double value : values) {
            logs += Math.log(Math.max(1e-12, value));
        }
        return values.isEmpty() ? 1 : Math.exp(logs / values.size());
    }
}
