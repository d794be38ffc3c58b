package io.lull.lab.report;

import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.Delays;
import io.lull.policy.sim.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

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

    static final List<String> STANDING_HEADINGS =
            List.of("policy", "workloads", "score", "lull's advantage %", "of ceiling %");

    /** What is shown where there is nothing to show. */
    static final String NOTHING = "-";

    private Columns() {}

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

    static List<String> of(Summary.Standing standing) {
        return List.of(
                standing.policy(),
                String.valueOf(standing.workloads()),
                number("%.3f", standing.scoreRatio()),
                standing.lullAdvantageRatio().isPresent()
                        ? number("%+.1f", 100 * (standing.lullAdvantageRatio().getAsDouble() - 1))
                        : NOTHING,
                percent(standing.ceilingShareRatio()));
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
