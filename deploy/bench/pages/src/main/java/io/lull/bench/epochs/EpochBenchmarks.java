package io.lull.bench.epochs;

import io.lull.bench.pages.PagePairs;
import io.lull.worker.page.PageMemory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs {@link EpochBenchmark} and prints for each workload, codec and connection: the delay of a lone epoch, the rates of
 * epochs back to back, and these as a multiple of the plain copy in the same run. Arguments: workloads (all by default).
 */
public final class EpochBenchmarks {
    private static final double MEDIAN = 50;
    private static final double TAIL = 99;

    private EpochBenchmarks() {}

    public static void main(String[] args) throws RunnerException {
        List<String> workloads = args.length == 0 ? PagePairs.WORKLOADS : List.of(args);
        print(new Runner(new OptionsBuilder()
                        .include(EpochBenchmark.class.getSimpleName())
                        .param("workload", workloads.toArray(new String[0]))
                        .jvmArgs(
                                "-D" + PagePairs.FOLDER_PROPERTY + "=" + PagePairs.folder(),
                                "-XX:+UseParallelGC",
                                "-Xmx1g")
                        .shouldFailOnError(true)
                        .forks(1)
                        .warmupIterations(2)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(4)
                        .measurementTime(TimeValue.seconds(1))
                        .build())
                .run());
    }

    private static void print(Collection<RunResult> runs) {
        Map<String, Map<String, RunResult>> rows = new TreeMap<>();
        for (RunResult run : runs) {
            String row = String.format(
                    "%-9s%-6s%-7s",
                    run.getParams().getParam("workload"),
                    run.getParams().getParam("codec"),
                    Boolean.parseBoolean(run.getParams().getParam("tls")) ? "TLS" : "plain");
            rows.computeIfAbsent(row, name -> new TreeMap<>())
                    .put(run.getPrimaryResult().getLabel(), run);
        }
        System.out.printf(
                "%n%-22s%12s%8s%10s%10s%12s%8s%9s%13s%n",
                "", "commit p50", "p99 ms", "of epochs", "epochs/s", "pages/s", "MB/s", "ns/page", "/plain copy");
        rows.forEach(
                (name, row) -> print(name, result(row, "commit"), result(row, "backToBack"), result(row, "plainCopy")));
    }

    private static RunResult result(Map<String, RunResult> row, String benchmark) {
        RunResult run = row.get(benchmark);
        if (run == null) {
            throw new IllegalStateException("the benchmark " + benchmark + " did not run");
        }
        return run;
    }

    private static void print(String name, RunResult commit, RunResult backToBack, RunResult plainCopy) {
        int pages = Integer.parseInt(commit.getParams().getParam("pages"));
        Statistics delays = commit.getPrimaryResult().getStatistics();
        double epochNanos = median(backToBack) / EpochBenchmark.EPOCHS;
        double pageNanos = epochNanos / pages;
        System.out.printf(
                "%-22s%12.2f%8.2f%10d%10.0f%12.0f%8.0f%9.0f%13.2f%n",
                name,
                delays.getPercentile(MEDIAN) / 1e6,
                delays.getPercentile(TAIL) / 1e6,
                delays.getN(),
                1e9 / epochNanos,
                1e9 / pageNanos,
                PageMemory.PAGE_BYTES * 1e3 / pageNanos,
                pageNanos,
                median(backToBack) / median(plainCopy));
    }

    private static double median(RunResult run) {
        return run.getPrimaryResult().getStatistics().getPercentile(MEDIAN);
    }
}
