package io.lull.lab.report;

import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.Delays;
import io.lull.policy.sim.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** The columns in which runs are shown, on the terminal and on the page. */
final class Columns {
    /** How many at the left hold words. */
    static final int WORDS = 3;

    static final List<String> HEADINGS = List.of(
            "workload",
            "policy",
            "setting",
            "useful %",
            "req/s",
            "MB/s",
            "backgr. %",
            "delay p50 ms",
            "p99 ms",
            "max ms",
            "pause p50 ms",
            "p99 ms",
            "ckpt/s",
            "ship MB/s",
            "in slots %",
            "score",
            "of ceiling %");

    private static final List<String> STANDING_HEADINGS = List.of(
            "policy",
            "best single setting",
            "workloads",
            "score",
            "score, single setting",
            "of ceiling %",
            "lull gains %",
            "over the single setting %",
            "lull/its work",
            "lull/its p99 delay",
            "lull/its bytes for work");

    /** How many columns of the standings hold words. */
    static final int STANDING_WORDS = 2;

    private static final List<Integer> LULL_STANDING_COLUMNS = List.of(6, 7, 8, 9, 10);

    private static final List<String> ROW_HEADINGS = List.of(
            "workload",
            "best rival",
            "setting",
            "its score",
            "lull",
            "oracle",
            "lull/rival",
            "lull/oracle",
            "oracle/rival");

    private static final List<Integer> LULL_ROW_COLUMNS = List.of(4, 6, 7);

    /** What the rows show after their words. */
    private static final List<Function<Summary.Row, OptionalDouble>> ROW_FIGURES = List.of(
            Summary.Row::rivalScoreRatio,
            Summary.Row::lullScoreRatio,
            Summary.Row::oracleScoreRatio,
            Summary.Row::lullOverRival,
            Summary.Row::lullOverOracle,
            Summary.Row::oracleOverRival);

    /** What is shown where there is nothing to show. */
    static final String NOTHING = "-";

    private Columns() {}

    /** The best run of each policy on {@code workload}, the best first, and before them what the oracle found. */
    static List<RunResult> shownRuns(Comparison comparison, String workload) {
        List<RunResult> runs = new ArrayList<>(bestRuns(comparison, workload));
        comparison.oracle(workload).ifPresent(oracle -> runs.add(0, oracle));
        return runs;
    }

    /** The best run of each policy on {@code workload}, the best first. */
    static List<RunResult> bestRuns(Comparison comparison, String workload) {
        List<RunResult> runs = new ArrayList<>();
        comparison
                .policies()
                .forEach(policy -> comparison.best(workload, policy).ifPresent(runs::add));
        runs.sort((a, b) -> Double.compare(b.scoreRatio(), a.scoreRatio()));
        return runs;
    }

    static List<String> of(RunResult run, double ceilingRatio) {
        return List.of(
                run.workload(),
                run.policy(),
                run.setting(),
                percent(run.usefulWorkRatio()),
                number("%.0f", run.requestsPerSecond()),
                number("%.1f", run.transferredBytesPerSecond() / 1e6),
                percent(run.backgroundRatio()),
                millis(run.outputDelay(), Quantiles::p50Nanos),
                millis(run.outputDelay(), Quantiles::p99Nanos),
                millis(run.outputDelay(), Quantiles::maxNanos),
                millis(run.pause(), Quantiles::p50Nanos),
                millis(run.pause(), Quantiles::p99Nanos),
                number("%.1f", run.checkpointsPerSecond()),
                number("%.1f", run.shippedBytesPerSecond() / 1e6),
                percent(run.slotRatio()),
                number("%.3f", run.scoreRatio()),
                ceilingRatio > 0 ? percent(run.scoreRatio() / ceilingRatio) : NOTHING);
    }

    /** The policies over all workloads, below their headings; what is about Lull only where it took part. */
    static List<List<String>> standings(Summary summary) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(STANDING_HEADINGS);
        for (Summary.Standing standing : summary.standings()) {
            rows.add(List.of(
                    standing.policy(),
                    standing.single().setting(),
                    String.valueOf(standing.workloads()),
                    number("%.3f", standing.scoreRatio()),
                    number("%.3f", standing.single().scoreRatio()),
                    percent(standing.ceilingShareRatio()),
                    gain(standing.lullAdvantageRatio()),
                    gain(standing.lullAdvantageOverSingleRatio()),
                    against(standing, lull -> OptionalDouble.of(lull.usefulWorkRatio())),
                    against(standing, Against::outputDelayRatio),
                    against(standing, Against::shippedBytesRatio)));
        }
        return summary.hasLull() ? rows : without(rows, LULL_STANDING_COLUMNS);
    }

    /** The workloads below their headings, and geometric means at the end; Lull's columns only where it took part. */
    static List<List<String>> rows(Summary summary) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(ROW_HEADINGS);
        for (Summary.Row row : summary.rows()) {
            List<String> shown = new ArrayList<>(List.of(
                    row.workload(),
                    row.bestRival().map(RunResult::policy).orElse(NOTHING),
                    row.bestRival().map(RunResult::setting).orElse(NOTHING)));
            ROW_FIGURES.forEach(figure -> shown.add(ratio(figure.apply(row))));
            rows.add(shown);
        }
        List<String> means = new ArrayList<>(List.of("geometric mean", "", ""));
        ROW_FIGURES.forEach(figure -> means.add(ratio(summary.mean(figure))));
        rows.add(means);
        return summary.hasLull() ? rows : without(rows, LULL_ROW_COLUMNS);
    }

    private static List<List<String>> without(List<List<String>> rows, List<Integer> columns) {
        return rows.stream()
                .map(row -> IntStream.range(0, row.size())
                        .filter(i -> !columns.contains(i))
                        .mapToObj(row::get)
                        .toList())
                .toList();
    }

    private static String ratio(OptionalDouble value) {
        return value.isPresent() ? number("%.3f", value.getAsDouble()) : NOTHING;
    }

    private static String against(Summary.Standing standing, Function<Against, OptionalDouble> figure) {
        return ratio(standing.lull().map(figure).orElse(OptionalDouble.empty()));
    }

    private static String gain(OptionalDouble ratio) {
        return ratio.isPresent() ? number("%+.1f", 100 * (ratio.getAsDouble() - 1)) : NOTHING;
    }

    static String percent(double ratio) {
        return number("%.1f", 100 * ratio);
    }

    static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static String millis(Delays delays, ToLongFunction<Quantiles> which) {
        Optional<Quantiles> quantiles = Quantiles.of(delays);
        return quantiles.map(q -> number("%.2f", which.applyAsLong(q) / 1e6)).orElse(NOTHING);
    }
}
