package io.lull.worker.page;

import java.util.function.LongSupplier;

/**
 * Turns the dirty pages of a checkpoint into encoded chunks, on several threads, and keeps the shadow up to date.
 *
 * <p>Per page: equal to the shadow, it drops out; all zero, it costs one bit; else its changed words travel. A page whose
 * content on the backup is unknown travels whole, unless the backup's hash of it says that it is there already. The time
 * is linear in the pages; below {@link #INLINE_PAGES} waking threads costs more than it saves, and the caller works alone.
 *
 * <p>One checkpoint at a time. The shadow is updated before a chunk reaches the sink: after a failure it may be ahead of
 * the backup, so the pipeline refuses further work, and a new one must begin with {@link Shadow#forget}.
 */
public final class PagePipeline {
    /** Fewer pages than this are encoded by the calling thread alone. */
    public static final int INLINE_PAGES = 128;

    private final Shadow shadow;
    private final PageWorkers workers;
    private final LongSupplier nanoClock;
    private final EncodeTally[] tallies;
    private final PageEncoder[] encoders;
    private final ChunkCompressor[] compressors;
    private boolean failed;

    /**
     * A pipeline that allocates its memory now: about 0.6 MB for each thread.
     *
     * @param workers its threads; the caller closes them when the pipeline is done with
     * @param nanoClock a monotonic clock in nanoseconds
     * @throws IllegalStateException when the native LZ4 library can't be loaded
     */
    public PagePipeline(Shadow shadow, PageWorkers workers, LongSupplier nanoClock) {
        this.shadow = shadow;
        this.workers = workers;
        this.nanoClock = nanoClock;
        int count = workers.count();
        tallies = new EncodeTally[count];
        encoders = new PageEncoder[count];
        compressors = new ChunkCompressor[count];
        for (int i = 0; i < count; i++) {
            tallies[i] = new EncodeTally();
            encoders[i] = new PageEncoder(shadow, tallies[i]);
            compressors[i] = new ChunkCompressor();
        }
    }

    /**
     * Encodes one checkpoint and returns when the sink has taken its last chunk.
     *
     * @param pages the dirty pages; sorted by this call if they are not yet
     * @param sink called by several threads at once
     * @throws IndexOutOfBoundsException when a page is outside the image; nothing was encoded
     * @throws IllegalStateException when a page was staged twice, when a thread or the sink failed, or failed before
     */
    public EncodeResult encode(StagedPages pages, EncodeSettings settings, ChunkSink sink) {
        if (failed) {
            throw new IllegalStateException(
                    "the page pipeline failed before; make a new one with a shadow that forgot what it knew");
        }
        pages.sort();
        int count = pages.count();
        if (count > 0 && pages.page(count - 1) >= shadow.memory().pages()) {
            throw new IndexOutOfBoundsException("page " + pages.page(count - 1) + " of an image of "
                    + shadow.memory().pages() + " pages");
        }
        for (EncodeTally tally : tallies) {
            tally.clear();
        }
        failed = true;
        int chunks = (count + ChunkFormat.MAX_PAGES - 1) / ChunkFormat.MAX_PAGES;
        int threads = count < INLINE_PAGES ? 1 : settings.threads();
        workers.run(chunks, threads, (chunk, worker) -> encodeChunk(pages, chunk, settings.codec(), worker, sink));
        failed = false;
        EncodeTally sum = new EncodeTally();
        for (EncodeTally tally : tallies) {
            sum.add(tally);
        }
        return sum.result(count);
    }

    private void encodeChunk(StagedPages pages, int chunk, ChunkCodec codec, int worker, ChunkSink sink) {
        PageEncoder encoder = encoders[worker];
        EncodeTally tally = tallies[worker];
        long start = nanoClock.getAsLong();
        encoder.begin();
        int first = chunk * ChunkFormat.MAX_PAGES;
        int end = Math.min(pages.count(), first + ChunkFormat.MAX_PAGES);
        for (int i = first; i < end; i++) {
            encoder.add(pages.page(i), pages.address(i));
        }
        if (encoder.pageCount() == 0) {
            tally.deltaNanos += nanoClock.getAsLong() - start;
            return;
        }
        var body = encoder.finish();
        long encoded = nanoClock.getAsLong();
        EncodedChunk sealed = compressors[worker].seal(body, encoder.pageCount(), codec);
        long done = nanoClock.getAsLong();
        tally.chunks++;
        tally.deltaBytes += sealed.rawLength();
        tally.encodedBytes += sealed.payload().remaining();
        tally.deltaNanos += encoded - start;
        tally.compressNanos += done - encoded;
        sink.accept(sealed);
    }
}
