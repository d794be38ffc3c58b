package io.lull.bench.epochs;

import io.lull.bench.pages.PagePairs;
import io.lull.bench.wire.Hosts;
import io.lull.worker.config.CodecRule;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.StagedPages;
import io.lull.worker.primary.ShippedEpochs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * Times of epochs of recorded pages from a full staging area on: encode, send over loopback, check, redo log, apply. Both
 * sides are the worker's own, in this process.
 *
 * <p>The guest's memory has {@link #EPOCHS} times the pages of an epoch. Each epoch brings other pages from what they were
 * to what they became, so that only that direction is timed; the way back is not.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up method before all else.
public class EpochBenchmark {
    /** Epochs of one invocation of {@link #backToBack()} and {@link #plainCopy()}: as many as may be unacknowledged. */
    public static final int EPOCHS = 16;

    private static final Path MEMORY = Path.of("/dev/shm");

    /** The recorded workload whose pages are shipped. */
    @Param({"gcc", "jvm", "pg", "redis", "redisin", "sqlite"})
    public String workload = "gcc";

    /** Pages of an epoch: of the recording, repeated as needed. */
    @Param("1000")
    public int pages = 1000;

    /** What they are compressed with. */
    @Param({"LZ4", "ZSTD"})
    public CodecRule codec = CodecRule.LZ4;

    /** Whether the connection is encrypted. */
    @Param({"false", "true"})
    public boolean tls;

    private PagePairs pairs;
    private PageMemory copies;
    private LoopbackBackup backup;
    private ShippedEpochs primary;
    private StagedPages[] asTheyWere;
    private StagedPages[] asTheyAre;
    private int shipped;
    private long lastEpoch;

    @Setup(Level.Trial)
    public void open() throws IOException, InterruptedException {
        pairs = PagePairs.read(workload, pages);
        asTheyWere = staged(pairs.before());
        asTheyAre = staged(pairs.after());
        copies = PageMemory.anonymous(EPOCHS * pages);
        Hosts hosts = tls ? Hosts.tls() : Hosts.PLAINTEXT;
        backup = new LoopbackBackup(folder(), hosts.backup());
        primary = new ShippedEpochs(backup.address(), hosts.primary(), LoopbackBackup.VM, EPOCHS * pages, codec, 1);
        shipAll(asTheyWere);
    }

    /** A file system in memory, as a backup is to have. */
    private static Path folder() {
        return Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    }

    private StagedPages[] staged(PageMemory contents) {
        StagedPages[] epochs = new StagedPages[EPOCHS];
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            epochs[epoch] = new StagedPages(pages);
            for (int page = 0; page < pages; page++) {
                epochs[epoch].add(epoch * pages + page, contents.address(page));
            }
        }
        return epochs;
    }

    private void shipAll(StagedPages[] epochs) throws IOException, InterruptedException {
        for (StagedPages epoch : epochs) {
            lastEpoch = primary.ship(epoch);
        }
        backup.awaitApplied(lastEpoch);
    }

    /** The pages of the next epochs are as they were. */
    @Setup(Level.Invocation)
    public void rewind() throws IOException, InterruptedException {
        backup.awaitApplied(lastEpoch);
        if (shipped == EPOCHS) {
            shipAll(asTheyWere);
            shipped = 0;
        }
    }

    /** One epoch while no other is under way, until it is acknowledged: its commit delay but for the pause. */
    @Benchmark
    public void commit() throws IOException, InterruptedException {
        lastEpoch = primary.ship(asTheyAre[shipped++]);
        primary.awaitAcknowledged(lastEpoch);
    }

    /** {@link #EPOCHS} epochs, each sent as soon as the one before is encoded, until the last is in the backup's image. */
    @Benchmark
    public void backToBack() throws IOException, InterruptedException {
        shipAll(asTheyAre);
        shipped = EPOCHS;
    }

    /** Copies the pages of as many epochs once: one host without a backup. */
    @Benchmark
    public void plainCopy() {
        for (int page = 0; page < EPOCHS * pages; page++) {
            OffHeap.copy(pairs.after().address(page % pages), copies.address(page), PageMemory.PAGE_BYTES);
        }
    }

    /** Whatever was timed, the backup must have it. */
    @TearDown(Level.Trial)
    public void close() throws IOException, InterruptedException {
        shipAll(asTheyAre);
        for (int page = 0; page < EPOCHS * pages; page++) {
            if (!backup.memory().view(page).equals(pairs.after().view(page % pages))) {
                throw new IllegalStateException("page " + page + " of the backup's image is not what was shipped");
            }
        }
        primary.close();
        backup.close();
        copies.close();
        pairs.close();
    }
}
