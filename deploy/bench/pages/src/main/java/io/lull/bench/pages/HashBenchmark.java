package io.lull.bench.pages;

import io.lull.worker.page.FullShadow;
import io.lull.worker.page.LeanShadow;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageDigest;
import io.lull.worker.page.PageHashTable;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageRange;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.page.VerifyRound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Times of hashing one slice of a verification after the other, round a memory that no cache holds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up method before all else.
public class HashBenchmark {
    /** Pages of an invocation. */
    public static final int PAGES = VerifyRound.MAX_SLICE_PAGES;

    private static final int SLICES = 32;
    private static final long SEED = 42;

    private Path file;
    private PageMemory image;
    private PageMemory copies;
    private FullShadow full;
    private LeanShadow lean;
    private PageHashTable imageHashes;
    private PageWorkers workers;
    private final long[] scratch = new long[2];
    private int slice;

    @Setup(Level.Trial)
    public void open() throws IOException {
        int all = SLICES * PAGES;
        file = Files.createTempDirectory("lull-bench-hashes-").resolve("image");
        image = PageMemory.createFile(file, all);
        copies = PageMemory.anonymous(all);
        full = new FullShadow(all, SEED);
        lean = new LeanShadow(all, SEED, 0);
        imageHashes = new PageHashTable(all, SEED);
        workers = new PageWorkers(1, "bench-page");
        try (PagePairs pairs = PagePairs.read("jvm")) {
            for (int page = 0; page < all; page++) {
                long from = pairs.after().address(page % pairs.pages());
                OffHeap.copy(from, full.memory().address(page), PageMemory.PAGE_BYTES);
                OffHeap.copy(from, image.address(page), PageMemory.PAGE_BYTES);
            }
        }
    }

    private PageRange next() {
        slice = (slice + 1) % SLICES;
        return new PageRange(slice * PAGES, PAGES);
    }

    /** What the primary does for a slice. */
    @Benchmark
    public PageDigest onThePrimary() {
        return full.digest(next(), workers);
    }

    /** What the backup does for a slice, in its image's mapped file. */
    @Benchmark
    public PageDigest onTheBackup() {
        PageRange pages = next();
        imageHashes.refresh(image, pages, workers);
        return imageHashes.digest(pages);
    }

    /** What a lean shadow adds for as many pages that changed. */
    @Benchmark
    public void leanShadow() {
        PageRange pages = next();
        for (int page = pages.firstPage(); page < pages.endPage(); page++) {
            lean.sent(page, full.memory().address(page), scratch);
        }
    }

    @Benchmark
    public void plainCopy() {
        PageRange pages = next();
        for (int page = pages.firstPage(); page < pages.endPage(); page++) {
            OffHeap.copy(full.memory().address(page), copies.address(page), PageMemory.PAGE_BYTES);
        }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        workers.close();
        imageHashes.close();
        lean.close();
        full.close();
        copies.close();
        image.close();
        Files.delete(file);
        Files.delete(file.getParent());
    }
}
