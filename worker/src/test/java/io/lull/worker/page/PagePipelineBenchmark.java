package io.lull.worker.page;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Time of a page in the pipeline, to be read against a plain copy of the same pages in the same run.
 *
 * <p>Run {@link #main} with the test class path; the property {@code lull.traces} names the recorded pages.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up method before all else.
public class PagePipelineBenchmark {
    /** Pages in a recording: one operation is one page. */
    static final int PAGES = 1536;

    /** What is printed of the samples, so that other load on the machine weighs less. */
    private static final double LOWER_QUARTILE = 25;

    /** The recorded workload whose pages are encoded. */
    @Param({"gcc", "jvm", "pg", "redis", "redisin", "sqlite"})
    String workload = "gcc";

    /** Threads of the pipeline, the caller included. */
    @Param("1")
    int threads = 1;

    private PagePairs pairs;
    private PageMemory shadowMemory;
    private Shadow shadow;
    private PageWorkers workers;
    private PagePipeline pipeline;
    private PageHashTable hashes;
    private StagedPages staged;

    @Setup(Level.Trial)
    public void open() throws IOException {
        pairs = PagePairs.read(workload);
        if (pairs.pages() != PAGES) {
            throw new IOException("the recording of " + workload + " has " + pairs.pages() + " pages, not " + PAGES);
        }
        shadowMemory = PageMemory.anonymous(PAGES);
        shadow = new Shadow(shadowMemory);
        workers = new PageWorkers(threads, "bench-page");
        pipeline = new PagePipeline(shadow, workers, System::nanoTime);
        hashes = new PageHashTable(PAGES, 1);
        staged = new StagedPages(PAGES);
        pairs.stage(staged);
    }

    /** Only the direction from old to new pages is timed: the way back compresses differently. */
    @Setup(Level.Invocation)
    public void rewind() {
        pairs.rewind(shadow);
        hashes.markAll();
    }

    @TearDown(Level.Trial)
    public void close() {
        workers.close();
        hashes.close();
        shadowMemory.close();
        pairs.close();
    }

    /** Copies to the shadow, so that the caches are in the same state as for the others. */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public void plainCopy() {
        for (int page = 0; page < PAGES; page++) {
            OffHeap.copy(pairs.after.address(page), shadowMemory.address(page), PageMemory.PAGE_BYTES);
        }
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public EncodeResult delta() {
        return pipeline.encode(staged, new EncodeSettings(threads, ChunkCodec.NONE), chunk -> {});
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public EncodeResult deltaAndLz4() {
        return pipeline.encode(staged, new EncodeSettings(threads, ChunkCodec.LZ4), chunk -> {});
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public void hash() {
        hashes.refresh(pairs.after, workers);
    }

    /** Runs all benchmarks and prints the lower quartile of each, also as a multiple of the plain copy of the same pages. */
    public static void main(String[] args) throws RunnerException {
        String traces = System.getProperty("lull.traces", "../../shared/traces");
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(PagePipelineBenchmark.class.getSimpleName())
                        .jvmArgs("-Dlull.traces=" + traces, "-XX:+UseSerialGC")
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(1))
                        .build())
                .run();
        Map<String, Map<String, Double>> byWorkload = new TreeMap<>();
        for (RunResult result : results) {
            byWorkload
                    .computeIfAbsent(result.getParams().getParam("workload"), name -> new TreeMap<>())
                    .put(
                            result.getPrimaryResult().getLabel(),
                            result.getPrimaryResult().getScore());
        }
        byWorkload.forEach(PagePipelineBenchmark::print);
    }

    private static void print(String workload, Map<String, Double> scores) {
        double copyNanos = Objects.requireNonNull(scores.get("plainCopy"));
        scores.forEach((label, nanos) -> System.out.printf(
                "%-8s %-12s %7.0f ns/page, %.2f plain copies%n", workload, label, nanos, nanos / copyNanos));
    }
}
