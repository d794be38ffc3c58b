package io.lull.bench.pause;

import io.lull.bench.pages.PagePairs;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs {@link PauseBenchmark} and {@link SharedPauseBenchmark} and prints what a page costs in the pause and until it is
 * encoded, with the delta after the pause and in it. Arguments: workloads (all by default). Times are medians.
 */
public final class PauseBenchmarks {
    private static final double MEDIAN = 50;

    private PauseBenchmarks() {}

    public static void main(String[] args) throws RunnerException {
        List<String> workloads = args.length == 0 ? PagePairs.WORKLOADS : List.of(args);
        Collection<RunResult> runs = new Runner(new OptionsBuilder()
                        .include("\\.(Shared)?PauseBenchmark\\.")
                        .param("workload", workloads.toArray(new String[0]))
                        .jvmArgs(
                                "-D" + PagePairs.FOLDER_PROPERTY + "=" + PagePairs.folder(),
                                "-XX:+UseParallelGC",
                                "-Xmx1g")
                        .shouldFailOnError(true)
                        .forks(1)
                        .warmupIterations(2)
                        .warmupTime(TimeValue.milliseconds(500))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.milliseconds(500))
                        .build())
                .run();
        Map<String, Map<String, Double>> streams = new TreeMap<>();
        Map<String, Map<String, Double>> shared = new TreeMap<>();
        for (RunResult run : runs) {
            String qemuNanos = run.getParams().getParam("qemuNanos");
            Map<String, Map<String, Double>> rows = qemuNanos == null ? shared : streams;
            String row = String.format(
                    "%-9s%6s pages%s",
                    run.getParams().getParam("workload"),
                    run.getParams().getParam("pages"),
                    qemuNanos == null ? "" : String.format(", QEMU %4s ns", qemuNanos));
            int pages = qemuNanos == null ? 1 : Integer.parseInt(run.getParams().getParam("pages"));
            rows.computeIfAbsent(row, name -> new TreeMap<>())
                    .put(
                            run.getPrimaryResult().getLabel(),
                            run.getPrimaryResult().getStatistics().getPercentile(MEDIAN) / pages);
        }
        printStreams(streams);
        printShared(shared);
    }

    private static void printStreams(Map<String, Map<String, Double>> rows) {
        System.out.printf(
                "%nCOLO's stream, ns/page%n%-34s%11s%8s%13s%14s%18s%18s%n",
                "", "plain copy", "read", "read + delta", "pause longer", "until LZ4, after", "until LZ4, within");
        rows.forEach((name, row) -> {
            double read = nanos(row, "read");
            double early = nanos(row, "readAndDelta");
            double codec = nanos(row, "deltaLz4") - nanos(row, "delta");
            System.out.printf(
                    "%-34s%11.0f%8.0f%13.0f%14.0f%18.0f%18.0f%n",
                    name,
                    nanos(row, "plainCopy"),
                    read,
                    early,
                    early - read,
                    read + nanos(row, "deltaLz4"),
                    early + codec);
        });
    }

    private static void printShared(Map<String, Map<String, Double>> rows) {
        System.out.printf(
                "%nShared memory of 128 MiB, us of a pause%n%-34s%16s%17s%14s%n",
                "", "compare + copy", "compare + delta", "pause longer");
        rows.forEach((name, row) -> {
            double copy = nanos(row, "compareAndCopy") / 1e3;
            double delta = nanos(row, "compareAndDelta") / 1e3;
            System.out.printf("%-34s%16.0f%17.0f%14.0f%n", name, copy, delta, delta - copy);
        });
    }

    private static double nanos(Map<String, Double> row, String benchmark) {
        Double nanos = row.get(benchmark);
        if (nanos == null) {
            throw new IllegalStateException("the benchmark " + benchmark + " did not run");
        }
        return nanos;
    }
}
