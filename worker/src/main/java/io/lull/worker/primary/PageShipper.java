package io.lull.worker.primary;

import io.lull.worker.colo.StreamLayout;
import io.lull.worker.page.ChunkCodec;
import io.lull.worker.page.EncodeResult;
import io.lull.worker.page.EncodeSettings;
import io.lull.worker.page.EncodedChunk;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.PageDigest;
import io.lull.worker.page.PageHashTable;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PagePipeline;
import io.lull.worker.page.PageRange;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.page.Shadow;
import io.lull.worker.page.StagedPages;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.RamBlock;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.PageFrames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Encodes staged pages against the session's shadow and sends them, and keeps the page hashes by which the backup's
 * image is verified. One thread at a time.
 */
final class PageShipper implements AutoCloseable {
    private static final long HASHES_SECONDS = 60;

    private final BackupLink link;
    private final EpochRecords records;
    private final PageWorkers workers;
    private final LongSupplier nanoClock;
    private final long hashSeed;
    private final long verifyEveryEpochs;
    private Optional<Session> session = Optional.empty();
    private long initialPages;
    private long initialWireBytes;
    private boolean initial = true;
    private long epochsSinceVerify;

    private record Session(
            PageMemory memory, PagePipeline pipeline, PageHashTable backupHashes, PageHashTable hashes, int ramPages) {}

    /**
     * @param hashSeed of the page hashes; the backup uses the same
     * @param verifyEveryEpochs 0 is never
     */
    PageShipper(
            BackupLink link, EpochRecords records, PageWorkers workers, LongSupplier nanoClock, Verification verify) {
        this.link = link;
        this.records = records;
        this.workers = workers;
        this.nanoClock = nanoClock;
        this.hashSeed = verify.hashSeed();
        this.verifyEveryEpochs = verify.everyEpochs();
    }

    /** How the backup's image is verified. */
    record Verification(long hashSeed, long everyEpochs) {}

    /** Sends the layout and learns which pages the backup has already. */
    void begin(StreamLayout layout) throws IOException {
        ImageLayout blocks = layout.blocks();
        int pages = blocks.totalPages();
        PageHashTable backupHashes = backupHashes(layout, pages);
        PageMemory memory = PageMemory.anonymous(pages);
        Shadow shadow = new Shadow(memory);
        shadow.forget(Optional.of(backupHashes));
        PageHashTable hashes = new PageHashTable(pages, hashSeed);
        hashes.markAll();
        session = Optional.of(new Session(
                memory,
                new PagePipeline(shadow, workers, nanoClock),
                backupHashes,
                hashes,
                blocks.deviceState().firstPage()));
    }

    private PageHashTable backupHashes(StreamLayout layout, int pages) throws IOException {
        PageHashTable table = new PageHashTable(pages, hashSeed);
        AtomicBoolean wanted = new AtomicBoolean(true);
        try {
            link.layout(wire(layout), piece -> {
                        synchronized (wanted) {
                            if (wanted.get()) {
                                table.importFrom(
                                        piece.hashes().duplicate(), new PageRange(piece.firstPage(), piece.pages()));
                            }
                        }
                    })
                    .get(HASHES_SECONDS, TimeUnit.SECONDS);
            return table;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            synchronized (wanted) {
                wanted.set(false);
                table.close();
            }
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("the backup did not send its page hashes: " + e, e);
        }
    }

    private static Layout wire(StreamLayout layout) {
        List<RamBlock> blocks = new ArrayList<>();
        layout.blocks().blocks().forEach(block -> blocks.add(new RamBlock(block.name(), block.byteLength())));
        return new Layout(layout.ramSectionId(), ByteBuffer.wrap(layout.configuration()), blocks);
    }

    private Session session() {
        return session.orElseThrow(() -> new IllegalStateException("pages came before the layout"));
    }

    /** Encodes pages as records of {@code epoch} and sends them. */
    EncodeResult ship(long epoch, StagedPages pages) throws IOException {
        EncodeResult result = session()
                .pipeline()
                .encode(pages, new EncodeSettings(workers.count(), ChunkCodec.LZ4), chunk -> sendChunk(epoch, chunk));
        if (initial) {
            initialPages += result.dirtyPages();
            initialWireBytes += result.encodedBytes();
        }
        if (link.isLost()) {
            throw new IOException("the link to the backup is lost");
        }
        return result;
    }

    private void sendChunk(long epoch, EncodedChunk chunk) {
        int payloadBytes = chunk.payload().remaining();
        int sequence = records.next(epoch, chunk.crc32c(), payloadBytes);
        try {
            link.send(PageFrames.frame(chunk, epoch, sequence));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Notes the pages of an epoch for the next verification; returns the nanoseconds that it took. */
    long changed(long epoch, StagedPages pages) {
        initial = false;
        long from = nanoClock.getAsLong();
        Session now = session();
        for (int i = 0; i < pages.count(); i++) {
            now.hashes().mark(pages.page(i));
        }
        if (verifyDue()) {
            now.hashes().refresh(now.memory(), workers);
        }
        return nanoClock.getAsLong() - from;
    }

    /** The end of an epoch's records. */
    EpochRecords.End end(long epoch, int deviceStateBytes, long writtenPages) {
        return records.end(epoch, deviceStateBytes, writtenPages);
    }

    void send(Frame frame) throws IOException {
        try {
            if (!link.send(frame)) {
                throw new IOException("the link to the backup is lost");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sending", e);
        }
    }

    private boolean verifyDue() {
        return verifyEveryEpochs > 0 && epochsSinceVerify + 1 >= verifyEveryEpochs;
    }

    /** Sends digests of all of the guest's memory as of {@code epoch} when the time has come. */
    void verifyIfDue(long epoch) throws IOException {
        if (!verifyDue()) {
            epochsSinceVerify++;
            return;
        }
        epochsSinceVerify = 0;
        Session now = session();
        int step = Math.max(1, (now.ramPages() + Digest.MAX_RANGES - 1) / Digest.MAX_RANGES);
        List<Digest.Range> ranges = new ArrayList<>();
        for (int first = 0; first < now.ramPages(); first += step) {
            int count = Math.min(step, now.ramPages() - first);
            PageDigest digest = now.hashes().digest(new PageRange(first, count));
            ranges.add(new Digest.Range(first, count, digest.high(), digest.low()));
        }
        send(new Digest(ranges).frame(epoch));
    }

    long initialPages() {
        return initialPages;
    }

    long initialWireBytes() {
        return initialWireBytes;
    }

    int threads() {
        return workers.count();
    }

    @Override
    public void close() {
        session.ifPresent(now -> {
            now.memory().close();
            now.backupHashes().close();
            now.hashes().close();
        });
        session = Optional.empty();
    }
}
