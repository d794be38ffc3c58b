package io.lull.worker.backup;

import io.lull.worker.page.PageDigest;
import io.lull.worker.page.PageHashTable;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageRange;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.Hashes;
import io.lull.worker.protocol.Verified;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The hashes of an image's pages, brought up to date when asked for; for the apply thread. */
final class ImageHashes implements AutoCloseable {
    private final long seed;
    private final PageMemory image;
    private final PageHashTable table;
    private final PageWorkers workers;

    /**
     * @param zero whether all pages of the image are zero, so that none has to be hashed
     * @param workers who hash, in their VM's turn
     */
    ImageHashes(PageMemory image, boolean zero, long seed, PageWorkers workers) {
        this.workers = workers;
        this.seed = seed;
        this.image = image;
        this.table = new PageHashTable(image.pages(), seed);
        if (!zero) {
            table.markAll();
        }
    }

    /** Whether these are hashes of that memory, with that seed. */
    boolean isOf(PageMemory memory, long hashSeed) {
        return image == memory && seed == hashSeed;
    }

    void mark(int page) {
        table.mark(page);
    }

    /** Hands out the hashes of all pages in pieces, in page order, each as soon as it is up to date. */
    void export(Consumer<Hashes> sink) {
        for (int page = 0; page < table.pages(); page += Hashes.MAX_PAGES) {
            PageRange range = new PageRange(page, Math.min(Hashes.MAX_PAGES, table.pages() - page));
            table.refreshMarked(image, range, workers);
            ByteBuffer piece = ByteBuffer.allocate(range.count() * Hashes.BYTES_PER_PAGE);
            table.exportTo(piece, range);
            sink.accept(new Hashes(page, piece.flip()));
        }
    }

    /**
     * Compares ranges with the image as it is now: all of their pages are hashed afresh, as a bit may flip in one that nobody
     * writes. When one differs, no hash is trusted any more, so that the next {@link #export} tells what the image has.
     */
    Verified verify(Digest digest) {
        for (Digest.Range range : digest.ranges()) {
            PageRange pages = new PageRange(range.firstPage(), range.pages());
            table.refresh(image, pages, workers);
            PageDigest mine = table.digest(pages);
            if (mine.low() != range.low() || mine.high() != range.high()) {
                table.markAll();
                return new Verified(Verified.Result.DIFFERENT, range.firstPage(), range.pages());
            }
        }
        return new Verified(Verified.Result.SAME, 0, 0);
    }

    @Override
    public void close() {
        table.close();
    }
}
