package io.lull.bench.pages;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs {@link PageBenchmark} and prints, for each workload, the time of a page each way as a multiple of the plain copy, of
 * LZ4 of the raw page and of XBZRLE in the same run, and what a page allocates. Arguments: {@code costs}, {@code threads}
 * or both (the default), then workloads (all by default), and of costs how many pages a checkpoint has (a recording's by
 * default).
 *
 * <p>The time is the lower quartile of the checkpoints', so that other load on the machine weighs less. Of two threads against
 * one also the quickest percent is compared: two cores are rarely free at once on a machine that others share. What they give is
 * measured in the same run, by two pipelines of one thread that have nothing to do with each other.
 */
public final class PageBenchmarks {
    private static final double LOWER_QUARTILE = 25;
    private static final double QUICKEST = 1;
    private static final int PAGES_FOR_THREADS = 4000;
    private static final String BESIDE = "beside";
    private static final String RECORDED = String.valueOf(PagePairs.RECORDED_PAGES);

    private PageBenchmarks() {}

    /**
     * What one way costs a page.
     *
     * @param quickNanos in those checkpoints that had the machine to themselves, as far as that can be told
     */
    private record Cost(double nanos, double quickNanos, double allocatedBytes) {}

    public static void main(String[] args) throws RunnerException {
        List<String> parts = new ArrayList<>(List.of("costs", "threads"));
        List<String> workloads = new ArrayList<>(List.of(args));
        if (workloads.removeAll(parts)) {
            parts.retainAll(List.of(args));
        }
        List<String> pages = workloads.stream().filter(PageBenchmarks::isNumber).toList();
        workloads.removeAll(pages);
        String[] chosen = (workloads.isEmpty() ? PagePairs.WORKLOADS : workloads).toArray(new String[0]);
        if (parts.contains("costs")) {
            costs(new Runner(options(chosen)
                            .include("\\.PageBenchmark\\.")
                            .param("pages", pages.isEmpty() ? RECORDED : pages.get(0))
                            .build())
                    .run());
        }
        if (parts.contains("threads")) {
            threads(runOnThreads(chosen, 1, "1", "2"), runOnThreads(chosen, 2, "1"));
        }
    }

    /**
     * Encodes the larger checkpoints.
     *
     * @param pipelines of which each has a checkpoint of its own, at the same time
     * @param threads of each pipeline
     */
    private static Collection<RunResult> runOnThreads(String[] workloads, int pipelines, String... threads)
            throws RunnerException {
        return new Runner(options(workloads)
                        .include("\\.PageBenchmark\\.delta")
                        .param("pages", String.valueOf(PAGES_FOR_THREADS))
                        .param("threads", threads)
                        .threads(pipelines)
                        .build())
                .run();
    }

    private static boolean isNumber(String argument) {
        return argument.chars().allMatch(Character::isDigit);
    }

    private static ChainedOptionsBuilder options(String[] workloads) {
        List<String> jvm = new ArrayList<>(
                List.of("-D" + PagePairs.FOLDER_PROPERTY + "=" + PagePairs.folder(), "-XX:+UseSerialGC", "-Xmx512m"));
        if (Runtime.version().feature() >= 25) {
            jvm.addAll(List.of(
                    "--add-modules=jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow"));
        }
        return new OptionsBuilder()
                .param("workload", workloads)
                .addProfiler(GCProfiler.class)
                .jvmArgs(jvm.toArray(new String[0]))
                .shouldFailOnError(true)
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(5)
                .measurementTime(TimeValue.milliseconds(500));
    }

    private static Cost cost(RunResult run) {
        int pages = Integer.parseInt(run.getParams().getParam("pages"));
        Result<?> allocated = run.getSecondaryResults().get("gc.alloc.rate.norm");
        Statistics times = run.getPrimaryResult().getStatistics();
        return new Cost(
                times.getPercentile(LOWER_QUARTILE) / pages,
                times.getPercentile(QUICKEST) / pages,
                allocated == null ? 0 : allocated.getScore() / pages);
    }

    private static void costs(Collection<RunResult> runs) {
        Map<String, Map<String, Cost>> byWorkload = new TreeMap<>();
        for (RunResult run : runs) {
            byWorkload
                    .computeIfAbsent(run.getParams().getParam("workload"), name -> new TreeMap<>())
                    .put(run.getPrimaryResult().getLabel(), cost(run));
        }
        System.out.printf(
                "%n%-9s%-13s%9s%13s%13s%13s%14s%n",
                "", "", "ns/page", "/plain copy", "/raw LZ4", "/XBZRLE", "bytes/page");
        byWorkload.forEach((workload, costs) -> costs.forEach((way, cost) -> System.out.printf(
                "%-9s%-13s%9.0f%13.2f%13.2f%13.2f%14.2f%n",
                workload,
                way,
                cost.nanos(),
                cost.nanos() / nanos(costs, "plainCopy"),
                cost.nanos() / nanos(costs, "rawPageLz4"),
                cost.nanos() / nanos(costs, "xbzrle"),
                cost.allocatedBytes())));
    }

    private static double nanos(Map<String, Cost> costs, String way) {
        return cost(costs, way).nanos();
    }

    private static Cost cost(Map<String, Cost> costs, String way) {
        Cost cost = costs.get(way);
        if (cost == null) {
            throw new IllegalStateException("the benchmark " + way + " did not run");
        }
        return cost;
    }

    private static void threads(Collection<RunResult> runs, Collection<RunResult> besideEachOther) {
        Map<String, Map<String, Cost>> costs = new TreeMap<>();
        runs.forEach(run -> put(costs, run, run.getParams().getParam("threads")));
        besideEachOther.forEach(run -> put(costs, run, BESIDE));
        System.out.printf(
                "%n%d pages, two threads against one; in brackets what two cores give here: two of one thread beside each other%n"
                        + "%-22s%18s%20s%n",
                PAGES_FOR_THREADS, "", "lower quartile", "quickest percent");
        costs.forEach((name, each) ->
                System.out.printf("%-22s%18s%20s%n", name, gain(each, Cost::nanos), gain(each, Cost::quickNanos)));
    }

    private static void put(Map<String, Map<String, Cost>> costs, RunResult run, String how) {
        String name = run.getParams().getParam("workload") + " "
                + run.getPrimaryResult().getLabel();
        costs.computeIfAbsent(name, key -> new TreeMap<>()).put(how, cost(run));
    }

    private static String gain(Map<String, Cost> costs, ToDoubleFunction<Cost> nanos) {
        double one = nanos.applyAsDouble(cost(costs, "1"));
        return String.format(
                "%.2f (%.2f)",
                one / nanos.applyAsDouble(cost(costs, "2")), 2 * one / nanos.applyAsDouble(cost(costs, BESIDE)));
    }
}
