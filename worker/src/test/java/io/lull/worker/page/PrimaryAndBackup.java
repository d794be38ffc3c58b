package io.lull.worker.page;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A guest's memory, the pipeline on its primary, and the backup's image, for tests; everything drawn from one seed. */
final class PrimaryAndBackup implements AutoCloseable {
    /** What a checkpoint does to a page. */
    enum Change {
        NONE,
        ONE_WORD,
        SPARSE,
        DENSE,
        ZEROED,
        ZEROED_AND_SAID
    }

    final PageMemory guest;
    final PageMemory backup;
    final Shadow shadow;
    final PageWorkers workers;
    final PagePipeline pipeline;
    final Random random;
    private final StagedPages staged;

    PrimaryAndBackup(int pages, int threads, long seed) {
        this(new FullShadow(pages, seed), threads, seed);
    }

    /** With another shadow, which this closes. */
    PrimaryAndBackup(Shadow shadow, int threads, long seed) {
        int pages = shadow.pages();
        System.out.println("seed " + seed + ", " + pages + " pages, " + threads + " threads");
        random = new Random(seed);
        guest = PageMemory.anonymous(pages);
        backup = PageMemory.anonymous(pages);
        this.shadow = shadow;
        workers = new PageWorkers(threads, "test-page");
        pipeline = new PagePipeline(shadow, workers, System::nanoTime);
        staged = new StagedPages(pages);
    }

    StagedPages staged() {
        return staged;
    }

    /** Changes a page of the guest and stages it. */
    void change(int page, Change change) {
        ByteBuffer view = guest.view(page);
        switch (change) {
            case NONE -> {}
            case ONE_WORD -> view.putLong(8 * random.nextInt(512), random.nextLong());
            case SPARSE -> {
                for (int i = random.nextInt(40); i >= 0; i--) {
                    view.put(random.nextInt(PageMemory.PAGE_BYTES), (byte) random.nextInt());
                }
            }
            case DENSE -> {
                byte[] content = new byte[PageMemory.PAGE_BYTES];
                random.nextBytes(content);
                view.put(content);
            }
            case ZEROED, ZEROED_AND_SAID -> view.put(new byte[PageMemory.PAGE_BYTES]);
        }
        staged.add(page, change == Change.ZEROED_AND_SAID ? StagedPages.ZERO_PAGE : guest.address(page));
    }

    /** Stages a random set of pages, each with a random change. */
    void changeSome(double share) {
        Change[] changes = Change.values();
        for (int page = 0; page < guest.pages(); page++) {
            if (random.nextDouble() < share) {
                change(page, changes[random.nextInt(changes.length)]);
            }
        }
    }

    /** Encodes what is staged and returns copies of the chunks. */
    Encoded encode(ChunkCodec codec) {
        List<EncodedChunk> chunks = Collections.synchronizedList(new ArrayList<>());
        EncodeResult result = pipeline.encode(
                staged,
                new EncodeSettings(workers.count(), codec),
                (kind, pageCount, raw, crc, payload) ->
                        chunks.add(copy(new EncodedChunk(kind, pageCount, raw, crc, payload))));
        staged.clear();
        return new Encoded(result, List.copyOf(chunks));
    }

    /** Applies chunks to the backup's image; returns the pages that it was told of. */
    List<Integer> apply(List<EncodedChunk> chunks) throws PageFormatException {
        PageDecoder decoder = new PageDecoder();
        List<Integer> changed = new ArrayList<>();
        for (EncodedChunk chunk : chunks) {
            PageDecoder.apply(decoder.unpack(chunk), backup, changed::add);
        }
        return changed;
    }

    static byte[] filled(int length, byte value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, value);
        return bytes;
    }

    static byte[] bytes(PageMemory memory, int page) {
        byte[] content = new byte[PageMemory.PAGE_BYTES];
        memory.view(page).get(content);
        return content;
    }

    static boolean samePage(PageMemory one, PageMemory other, int page) {
        return Arrays.equals(bytes(one, page), bytes(other, page));
    }

    static int[] differingPages(PageMemory one, PageMemory other) {
        return java.util.stream.IntStream.range(0, one.pages())
                .filter(page -> !samePage(one, other, page))
                .toArray();
    }

    private static EncodedChunk copy(EncodedChunk chunk) {
        ByteBuffer payload = ByteBuffer.allocateDirect(chunk.payload().remaining());
        payload.put(chunk.payload().duplicate()).flip();
        return new EncodedChunk(chunk.codec(), chunk.pageCount(), chunk.rawLength(), chunk.crc32c(), payload);
    }

    @Override
    public void close() {
        workers.close();
        guest.close();
        backup.close();
        pipeline.close();
        shadow.close();
    }

    /** What one checkpoint came to. */
    record Encoded(EncodeResult result, List<EncodedChunk> chunks) {}
}
