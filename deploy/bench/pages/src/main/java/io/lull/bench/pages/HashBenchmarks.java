package io.lull.bench.pages;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;

/** Runs {@link HashBenchmark} and prints what hashing costs one thread: lower quartile and median. */
public final class HashBenchmarks {
    private static final double LOWER_QUARTILE = 25;
    private static final double MEDIAN = 50;
    private static final String PLAIN_COPY = "plainCopy";

    private HashBenchmarks() {}

    public static void main(String[] args) throws RunnerException {
        Collection<RunResult> runs = new Runner(new OptionsBuilder()
                        .include("\\.HashBenchmark\\.")
                        .jvmArgs("-D" + PagePairs.FOLDER_PROPERTY + "=" + PagePairs.folder(), "-Xmx512m")
                        .shouldFailOnError(true)
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(1))
                        .build())
                .run();
        Map<String, Statistics> rows = new TreeMap<>();
        runs.forEach(run -> rows.put(
                run.getPrimaryResult().getLabel(), run.getPrimaryResult().getStatistics()));
        Statistics plain = rows.get(PLAIN_COPY);
        if (plain == null) {
            throw new IllegalStateException("the benchmark " + PLAIN_COPY + " did not run");
        }
        System.out.printf(
                "%n%d pages%n%-14s%9s%9s%12s%13s%n",
                HashBenchmark.PAGES, "", "p25 ms", "p50 ms", "us/page p25", "/plain copy");
        rows.forEach((name, times) -> System.out.printf(
                "%-14s%9.2f%9.2f%12.2f%13.2f%n",
                name,
                times.getPercentile(LOWER_QUARTILE) / 1e6,
                times.getPercentile(MEDIAN) / 1e6,
                times.getPercentile(LOWER_QUARTILE) / 1e3 / HashBenchmark.PAGES,
                times.getPercentile(LOWER_QUARTILE) / plain.getPercentile(LOWER_QUARTILE)));
    }
}
