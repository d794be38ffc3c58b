package io.lull.bench.pause;

import io.lull.bench.pages.PagePairs;
import io.lull.worker.colo.StreamedPause;
import io.lull.worker.page.ChunkCodec;
import io.lull.worker.page.EncodeResult;
import io.lull.worker.page.EncodeSettings;
import io.lull.worker.page.FullShadow;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PagePipeline;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.page.StagedPages;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Times of one checkpoint's pages from COLO's stream: read in the pause and encoded after it, as it is; and read and
 * compared in the pause. One thread, beside the one that plays QEMU.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up method before all else.
public class PauseBenchmark {
    /** The recorded workload whose pages are read. */
    @Param({"gcc", "jvm", "pg", "redis", "redisin", "sqlite"})
    public String workload = "gcc";

    /** Dirty pages of the checkpoint. */
    @Param({"1000", "4000"})
    public int pages = 1000;

    /** What QEMU spends on a page besides writing it: as fast as can be, and about what is seen under TCG. */
    @Param({"0", "4000"})
    public int qemuNanos;

    private PagePairs pairs;
    private FullShadow shadow;
    private PageMemory copies;
    private EarlyDelta early;
    private PlayedQemu qemu;
    private StreamedPause pause;
    private PageWorkers workers;
    private PagePipeline pipeline;
    private StagedPages staged;

    @Setup(Level.Trial)
    public void open() throws IOException {
        pairs = PagePairs.read(workload, pages);
        shadow = pairs.shadow();
        copies = PageMemory.anonymous(pages);
        early = new EarlyDelta(shadow);
        qemu = new PlayedQemu(pairs, qemuNanos);
        pause = new StreamedPause(qemu.stream(), pages);
        workers = new PageWorkers(1, "bench-page");
        pipeline = new PagePipeline(shadow, workers, System::nanoTime);
        qemu.checkpoint();
        staged = pause.read((page, address) -> {});
    }

    @Setup(Level.Invocation)
    public void rewind() {
        pairs.rewind(shadow);
    }

    /** In the pause, as it is. */
    @Benchmark
    public StagedPages read() throws IOException {
        qemu.checkpoint();
        return pause.read((page, address) -> {});
    }

    /** In the pause, as it might be. */
    @Benchmark
    public long readAndDelta() throws IOException {
        qemu.checkpoint();
        early.begin();
        pause.read(early::add);
        return early.bytes();
    }

    /** After the pause, as it is: what was staged is compared and compressed. */
    @Benchmark
    public EncodeResult deltaLz4() {
        return encode(ChunkCodec.LZ4);
    }

    /** The part of that which is not the codec. */
    @Benchmark
    public EncodeResult delta() {
        return encode(ChunkCodec.NONE);
    }

    private EncodeResult encode(ChunkCodec codec) {
        return pipeline.encode(staged, new EncodeSettings(1, codec), (kind, count, raw, crc, payload) -> {});
    }

    @Benchmark
    public void plainCopy() {
        for (int page = 0; page < pages; page++) {
            OffHeap.copy(pairs.after().address(page), copies.address(page), PageMemory.PAGE_BYTES);
        }
    }

    /** What might be done in the pause must leave the shadow as what is done after it does. */
    @TearDown(Level.Trial)
    public void close() throws IOException, InterruptedException {
        pairs.rewind(shadow);
        readAndDelta();
        for (int page = 0; page < pages; page++) {
            if (!shadow.memory().view(page).equals(pairs.after().view(page))) {
                throw new IllegalStateException("page " + page + " of the shadow is not what was read");
            }
        }
        qemu.close();
        pipeline.close();
        workers.close();
        early.close();
        copies.close();
        shadow.close();
        pairs.close();
    }
}
