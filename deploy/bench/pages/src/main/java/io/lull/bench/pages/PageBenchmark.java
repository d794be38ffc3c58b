package io.lull.bench.pages;

import io.lull.worker.page.ChunkCodec;
import io.lull.worker.page.ChunkSink;
import io.lull.worker.page.DeltaKernel;
import io.lull.worker.page.EncodeResult;
import io.lull.worker.page.EncodeSettings;
import io.lull.worker.page.FullShadow;
import io.lull.worker.page.KernelChoice;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PagePipeline;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.page.StagedPages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
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

/** Times of one checkpoint of recorded pages: the pipeline's stages, and what they are to be read against. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up method before all else.
public class PageBenchmark {
    private static final ChunkSink SINK = (codec, pageCount, rawLength, crc32c, payload) -> {};

    /** The recorded workload whose pages are encoded. */
    @Param({"gcc", "jvm", "pg", "redis", "redisin", "sqlite"})
    public String workload = "gcc";

    /** Pages of the checkpoint: the recording, repeated as needed. */
    @Param("1536")
    public int pages = PagePairs.RECORDED_PAGES;

    /** Threads of the pipeline, the caller included. */
    @Param("1")
    public int threads = 1;

    private PagePairs pairs;
    private FullShadow shadow;
    private PageWorkers workers;
    private PagePipeline pipeline;
    private StagedPages staged;
    private EncodeSettings none;
    private EncodeSettings lz4;
    private EncodeSettings zstd;
    private DeltaKernel kernel;
    private DeltaKernel bufferKernel;
    private PageMemory out;
    private ByteBuffer buffer;
    private ByteBuffer[] views;
    private LZ4Compressor rawLz4;

    @Setup(Level.Trial)
    public void open() throws IOException {
        pairs = PagePairs.read(workload, pages);
        shadow = pairs.shadow();
        workers = new PageWorkers(threads, "bench-page");
        pipeline = new PagePipeline(shadow, workers, System::nanoTime);
        staged = pairs.staged();
        none = new EncodeSettings(threads, ChunkCodec.NONE);
        lz4 = new EncodeSettings(threads, ChunkCodec.LZ4);
        zstd = new EncodeSettings(threads, ChunkCodec.ZSTD);
        kernel = KernelChoice.create();
        bufferKernel = KernelChoice.create(KernelChoice.Kind.BUFFER);
        out = PageMemory.anonymous(4);
        rawLz4 = LZ4Factory.nativeInstance().fastCompressor();
        buffer = ByteBuffer.allocateDirect(rawLz4.maxCompressedLength(PageMemory.PAGE_BYTES));
        // Made ahead, so that what the baseline allocates is its own.
        views = IntStream.range(0, pages).mapToObj(pairs.after()::view).toArray(ByteBuffer[]::new);
    }

    /** Only the direction from old to new pages is timed: the way back compresses differently. */
    @Setup(Level.Invocation)
    public void rewind() {
        pairs.rewind(shadow);
    }

    @TearDown(Level.Trial)
    public void close() {
        pipeline.close();
        workers.close();
        shadow.close();
        pairs.close();
        out.close();
    }

    /** Copies to the shadow, so that the caches are in the same state as for the others. */
    @Benchmark
    public void plainCopy() {
        for (int page = 0; page < pages; page++) {
            OffHeap.copy(pairs.after().address(page), shadow.memory().address(page), PageMemory.PAGE_BYTES);
        }
    }

    @Benchmark
    public long kernel() {
        return compare(kernel);
    }

    @Benchmark
    public long kernelBuffer() {
        return compare(bufferKernel);
    }

    private long compare(DeltaKernel by) {
        long sum = 0;
        for (int page = 0; page < pages; page++) {
            long now = pairs.after().address(page);
            long before = shadow.memory().address(page);
            long lines = by.changedLines(now, before);
            sum += by.writeChanged(now, before, lines, out.address(0), out.address(1));
        }
        return sum;
    }

    @Benchmark
    public EncodeResult delta() {
        return pipeline.encode(staged, none, SINK);
    }

    @Benchmark
    public EncodeResult deltaLz4() {
        return pipeline.encode(staged, lz4, SINK);
    }

    @Benchmark
    public EncodeResult deltaZstd() {
        return pipeline.encode(staged, zstd, SINK);
    }

    /** LZ4 of each page as it is, by the native library. */
    @Benchmark
    public long rawPageLz4() {
        long bytes = 0;
        for (int page = 0; page < pages; page++) {
            bytes += rawLz4.compress(views[page], 0, PageMemory.PAGE_BYTES, buffer, 0, buffer.capacity());
        }
        return bytes;
    }

    /** XBZRLE of each page by {@link Xbzrle}, its cache kept up to date; a page that does not become smaller is given up. */
    @Benchmark
    public long xbzrle() {
        long bytes = 0;
        for (int page = 0; page < pages; page++) {
            long now = pairs.after().address(page);
            long before = shadow.memory().address(page);
            bytes += Xbzrle.encode(before, now, out.address(0));
            OffHeap.copy(now, before, PageMemory.PAGE_BYTES);
        }
        return bytes;
    }
}
