package io.lull.worker.primary;

import io.lull.worker.capture.StreamLayout;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.config.ShadowKind;
import io.lull.worker.disk.EpochFullException;
import io.lull.worker.page.AdaptiveCodec;
import io.lull.worker.page.ChunkCodec;
import io.lull.worker.page.CodecChoice;
import io.lull.worker.page.EncodeResult;
import io.lull.worker.page.EncodeSettings;
import io.lull.worker.page.EncodedChunk;
import io.lull.worker.page.FullShadow;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.LeanShadow;
import io.lull.worker.page.PageDigest;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PagePipeline;
import io.lull.worker.page.PageRange;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.page.Shadow;
import io.lull.worker.page.StagedPages;
import io.lull.worker.page.VerifyRound;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.Frame;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.PageFrames;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Encodes staged pages against the session's shadow and sends them, and keeps the page hashes by which the backup's
 * image is verified. One thread at a time.
 */
final class PageShipper implements AutoCloseable {
    private final BackupLink link;
    private final EpochRecords records;
    private final PageWorkers workers;
    private final LongSupplier nanoClock;
    private final long hashSeed;
    private final PrimaryConfig.Pipeline config;
    private final AdaptiveCodec adaptive;
    private int lastThreads = 1;
    private volatile Optional<Session> session = Optional.empty();
    private long initialPages;
    private long initialWireBytes;
    private boolean initial = true;
    /** Why an epoch took no more of its pages; page workers write it. */
    private volatile Optional<String> full = Optional.empty();

    private long hashNanos;

    private record Session(Shadow shadow, PagePipeline pipeline, VerifyRound round) {}

    /**
     * @param hashSeed of the page hashes; the backup uses the same
     */
    PageShipper(BackupLink link, EpochRecords records, Encoding encoding, LongSupplier nanoClock, long hashSeed) {
        this.link = link;
        this.records = records;
        this.workers = encoding.workers();
        this.config = encoding.config();
        this.nanoClock = nanoClock;
        this.hashSeed = hashSeed;
        this.adaptive = new AdaptiveCodec(link::backlogBytes);
    }

    /**
     * What pages are encoded with.
     *
     * @param workers the VM's access to the pool, bounded by its grant
     * @param config codec, shadow, verification
     */
    record Encoding(PageWorkers workers, PrimaryConfig.Pipeline config) {}

    /** Sends the layout and learns which pages the backup has already. */
    void begin(StreamLayout layout) throws IOException {
        ImageLayout blocks = layout.blocks();
        // Memory of the guest's size outside the heap: what is not freed here, nobody frees.
        Shadow shadow = shadow(blocks.totalPages());
        try {
            shadow.forget(Optional.of(BackupHashes.learn(link, layout, hashSeed)));
            int ramPages = blocks.deviceState().firstPage();
            VerifyRound round = new VerifyRound(ramPages, config.verifyPagesPerSecond(), nanoClock.getAsLong());
            session = Optional.of(new Session(shadow, new PagePipeline(shadow, workers, nanoClock), round));
        } catch (IOException | RuntimeException | Error e) {
            shadow.close();
            throw e;
        }
    }

    private Shadow shadow(int pages) {
        if (config.shadow() == ShadowKind.FULL) {
            return new FullShadow(pages, hashSeed);
        }
        long held = (config.leanShadowMebibytes() << 20) / PageMemory.PAGE_BYTES;
        return new LeanShadow(pages, hashSeed, (int) Math.min(pages, held));
    }

    private Session session() {
        return session.orElseThrow(() -> new IllegalStateException("pages came before the layout"));
    }

    /**
     * Encodes pages as records of {@code epoch} and sends them.
     *
     * @param epochWaits another captured epoch waits to be encoded
     */
    EncodeResult ship(long epoch, StagedPages pages, boolean epochWaits) throws IOException {
        lastThreads = workers.granted();
        CodecChoice codec = codec(epochWaits);
        EncodeResult result = session()
                .pipeline()
                .encode(
                        pages,
                        new EncodeSettings(lastThreads, codec),
                        (kind, pageCount, rawLength, crc32c, payload) ->
                                sendChunk(epoch, new EncodedChunk(kind, pageCount, rawLength, crc32c, payload)));
        if (initial) {
            initialPages += result.dirtyPages();
            initialWireBytes += result.encodedBytes();
        }
        if (full.isPresent()) {
            throw new IOException(full.get());
        }
        if (link.isLost()) {
            throw new IOException("the link to the backup is lost");
        }
        return result;
    }

    private CodecChoice codec(boolean epochWaits) {
        return switch (config.codec()) {
            case NONE -> CodecChoice.always(ChunkCodec.NONE);
            case LZ4 -> CodecChoice.always(ChunkCodec.LZ4);
            case ZSTD -> CodecChoice.always(ChunkCodec.ZSTD);
            case AUTO -> {
                OptionalDouble rate = link.bytesPerSecond();
                Optional<Long> known =
                        rate.isPresent() ? Optional.of(Math.max(1, (long) rate.getAsDouble())) : Optional.empty();
                adaptive.begin(new AdaptiveCodec.Load(known, lastThreads, epochWaits));
                yield adaptive;
            }
        };
    }

    private void sendChunk(long epoch, EncodedChunk chunk) {
        int payloadBytes = chunk.payload().remaining();
        int sequence;
        try {
            sequence = records.next(epoch, chunk.crc32c(), payloadBytes, chunk.pageCount());
        } catch (EpochFullException e) {
            full = Optional.of(String.valueOf(e.getMessage()));
            return;
        }
        Frame frame = PageFrames.frame(chunk, epoch, sequence);
        try {
            if (!link.offer(frame)) {
                // Other VMs encode while this one waits for its link.
                workers.aside(() -> link.send(frame));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The nanoseconds that verification took since this was asked last. */
    long takeHashNanos() {
        long taken = hashNanos;
        hashNanos = 0;
        return taken;
    }

    /** The end of an epoch's records. */
    EpochRecords.End end(long epoch, int deviceStateBytes) {
        initial = false;
        return records.end(epoch, deviceStateBytes);
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

    /**
     * Sends the digest of the next slice of the guest's memory as of {@code epoch}, whose end was just sent, if one is due.
     * For the thread that ships: until it ships the next epoch, the shadow is what the backup must hold.
     */
    void verifyIfDue(long epoch) throws IOException {
        Session now = session();
        long from = nanoClock.getAsLong();
        Optional<PageRange> due = now.round().take(epoch, from);
        if (due.isEmpty()) {
            return;
        }
        PageRange slice = due.get();
        PageDigest digest = now.shadow().digest(slice, workers);
        hashNanos += nanoClock.getAsLong() - from;
        send(new Digest(List.of(new Digest.Range(slice.firstPage(), slice.count(), digest.high(), digest.low())))
                .frame(epoch));
    }

    /**
     * What came of the digest that was sent behind an epoch; from the link's thread.
     *
     * @param compared whether the backup has compared it; else it is sent again behind a later one
     */
    void verified(long epoch, boolean compared) {
        session.ifPresent(now -> now.round().answered(epoch, compared));
    }

    /** Tells from now on whether the link has carried all that was sent so far. */
    BooleanSupplier soFarCarried() {
        return link.soFarWritten();
    }

    long initialPages() {
        return initialPages;
    }

    long initialWireBytes() {
        return initialWireBytes;
    }

    /** Threads that encoded the last checkpoint. */
    int threads() {
        return lastThreads;
    }

    @Override
    public void close() {
        session.ifPresent(now -> {
            now.pipeline().close();
            now.shadow().close();
        });
        session = Optional.empty();
    }
}
