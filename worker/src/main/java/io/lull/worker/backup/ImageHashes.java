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

    /** @param workers who hash, in their VM's turn */
    ImageHashes(PageMemory image, long seed, PageWorkers workers) {
        this.workers = workers;
        this.seed = seed;
        this.image = image;
        this.table = new PageHashTable(image.pages(), seed);
        table.markAll();
    }

    /** Whether these are hashes of that memory, with that seed. */
    boolean isOf(PageMemory memory, long hashSeed) {
        return image == memory && seed == hashSeed;
    }

    void mark(int page) {
        table.mark(page);
    }

    /** Hands out the hashes of all pages in pieces, in page order. */
    void export(Consumer<Hashes> sink) {
        table.refresh(image, workers);
        for (int page = 0; page < table.pages(); page += Hashes.MAX_PAGES) {
            PageRange range = new PageRange(page, Math.min(Hashes.MAX_PAGES, table.pages() - page));
            ByteBuffer piece = ByteBuffer.allocate(range.count() * Hashes.BYTES_PER_PAGE);
            table.exportTo(piece, range);
            sink.accept(new Hashes(page, piece.flip()));
        }
    }

    /** Whether all ranges lie in the image. */
    boolean covers(Digest digest) {
        return digest.ranges().stream().allMatch(range -> range.pages() <= table.pages() - range.firstPage());
    }

    /** Compares ranges with the image as it is now. */
    Verified verify(Digest digest) {
        table.refresh(image, workers);
        for (Digest.Range range : digest.ranges()) {
            PageDigest mine = table.digest(new PageRange(range.firstPage(), range.pages()));
            if (mine.low() != range.low() || mine.high() != range.high()) {
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
