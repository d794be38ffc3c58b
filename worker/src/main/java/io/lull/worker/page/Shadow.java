package io.lull.worker.page;

import java.util.Optional;

/**
 * What the primary knows of the backup's image: each page as it was last sent.
 *
 * <p>{@link FullShadow} keeps all contents; {@link LeanShadow} keeps a hash of each page and the contents of those that
 * were dirty lately. One thread calls {@link #prepare} before a checkpoint; then different threads may use different
 * pages at the same time.
 */
public interface Shadow extends AutoCloseable {
    /** Content address that says: not held. */
    long NOT_HELD = 0;

    /** Pages of the image. */
    int pages();

    /**
     * Forgets all contents, for a backup whose image the primary can't be sure of.
     *
     * @param hashes the backup's page hashes, if it sent them, which are the shadow's from here on; without them each page is
     *     shipped whole when next dirty
     * @throws IllegalArgumentException when the table is of another number of pages
     */
    void forget(Optional<PageHashTable> hashes);

    /** Makes ready for the pages of one checkpoint, sorted. */
    void prepare(StagedPages staged);

    /** Where the content as last sent is held, or {@link #NOT_HELD}. */
    long content(int page);

    /** Where the content that is sent now is to be held, or {@link #NOT_HELD} when it is not to be. */
    long place(int page);

    /** Whether a page that is not held is known to be on the backup with this content, by its hash. */
    boolean backupHas(int page, long content, long[] scratch);

    /** The page at {@code content} was sent; where {@link #place} named a place, it is there already. */
    void sent(int page, long content, long[] scratch);

    /**
     * One hash over the hashes of pages that the backup's image has as of the last checkpoint.
     *
     * @param workers to hash what is not hashed yet
     */
    PageDigest digest(PageRange range, PageWorkers workers);

    /** Frees the memory, and the hashes that it was given. */
    @Override
    void close();

    /** Checks a backup's hash table against an image of {@code pages} pages. */
    static void requireFits(PageHashTable table, int pages) {
        if (table.pages() != pages) {
            throw new IllegalArgumentException("the backup's hash table has " + table.pages()
                    + " pages, this VM's image " + pages + "; the hosts disagree on the layout");
        }
        table.requireFresh();
    }
}
