package io.lull.worker.page;

import java.util.function.LongSupplier;

/**
 * Turns the dirty pages of a checkpoint into encoded chunks, on several threads, and keeps the shadow up to date.
 *
 * <p>Per page: equal to the shadow, it drops out; all zero, it costs one bit; else its changed words travel. A page whose
 * content is not held travels whole, unless its hash says that the backup has it already. The time is linear in the
 * pages; below {@link #INLINE_PAGES} waking threads costs more than it saves, and the caller works alone. How the
 * pages are shared out: {@link ChunkCuts}.
 *
 * <p>Encoding allocates one {@link EncodeResult} a checkpoint and nothing a page or a chunk.
 *
 * <p>One checkpoint at a time. The shadow is updated before a chunk reaches the sink: after a failure it may be ahead of
 * the backup, so the pipeline refuses further work, and a new one must begin with {@link Shadow#forget}.
 */
public final class PagePipeline implements AutoCloseable {
    /** Fewer pages than this are encoded by the calling thread alone. */
    public static final int INLINE_PAGES = 128;

    private final Shadow shadow;
    private final PageWorkers workers;
    private final LongSupplier nanoClock;
    private final EncodeTally sum = new EncodeTally();
    private final PoorRanges poor;
    private final ChunkCuts cuts = new ChunkCuts();
    private final EncodeLane[] lanes;
    private final PageWorkers.Task task = this::encodeChunk;
    private boolean failed;

    // The checkpoint under way: written by the caller before the threads wake, dropped afterwards.
    private StagedPages pages = new StagedPages(1);
    private CodecChoice codec = CodecChoice.always(ChunkCodec.NONE);
    private ChunkSink sink = PagePipeline::noSink;

    /**
     * A pipeline that allocates its memory now: about 2 MB for each thread.
     *
     * @param shadow stays the caller's to close
     * @param workers its threads; the caller closes them when the pipeline is done with
     * @param nanoClock a monotonic clock in nanoseconds
     * @throws IllegalStateException when a native compression library can't be loaded
     */
    public PagePipeline(Shadow shadow, PageWorkers workers, LongSupplier nanoClock) {
        this.shadow = shadow;
        this.workers = workers;
        this.nanoClock = nanoClock;
        this.poor = new PoorRanges(shadow.pages());
        lanes = new EncodeLane[workers.count()];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new EncodeLane(shadow, poor, nanoClock);
        }
    }

    /**
     * Encodes one checkpoint and returns when the sink has taken its last chunk.
     *
     * @param staged the dirty pages; sorted by this call if they are not yet
     * @param to called by several threads at once
     * @throws IndexOutOfBoundsException when a page is outside the image; nothing was encoded
     * @throws IllegalStateException when a page was staged twice, when a thread or the sink failed, or failed before
     */
    public EncodeResult encode(StagedPages staged, EncodeSettings settings, ChunkSink to) {
        if (failed) {
            throw new IllegalStateException(
                    "the page pipeline failed before; make a new one with a shadow that forgot what it knew");
        }
        staged.sort();
        int count = staged.count();
        if (count > 0 && staged.page(count - 1) >= shadow.pages()) {
            throw new IndexOutOfBoundsException(
                    "page " + staged.page(count - 1) + " of an image of " + shadow.pages() + " pages");
        }
        failed = true;
        shadow.prepare(staged);
        int threads = count < INLINE_PAGES ? 1 : Math.min(settings.threads(), workers.granted());
        pages = staged;
        codec = settings.codec();
        sink = to;
        cuts.cut(count, threads);
        workers.run(cuts.count(), threads, task);
        sink = PagePipeline::noSink;
        failed = false;
        return result(count);
    }

    private void encodeChunk(int chunk, int worker) {
        lanes[worker].encode(pages, cuts.first(chunk), cuts.end(chunk), codec, sink);
    }

    private EncodeResult result(int count) {
        sum.clear();
        for (EncodeLane lane : lanes) {
            lane.drainTo(sum);
        }
        return sum.result(count);
    }

    private static void noSink(ChunkCodec c, int pageCount, int rawLength, int crc32c, java.nio.ByteBuffer payload) {
        throw new IllegalStateException("a chunk came after its checkpoint");
    }

    /** Frees the codecs' memory. */
    @Override
    public void close() {
        for (EncodeLane lane : lanes) {
            lane.close();
        }
    }
}
