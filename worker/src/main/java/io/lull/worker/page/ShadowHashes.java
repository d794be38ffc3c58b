package io.lull.worker.page;

import java.util.Optional;

/**
 * The one table of page hashes that a shadow has: the backup's, which it was given, or else one of zero pages, made when it is
 * first needed, so that there are never two. One thread at a time makes or takes; then any may use it.
 */
final class ShadowHashes implements AutoCloseable {
    private final int pages;
    private final long seed;
    private Optional<PageHashTable> table = Optional.empty();

    ShadowHashes(int pages, long seed) {
        this.pages = pages;
        this.seed = seed;
    }

    /** Drops the table for another, which is closed with this one. */
    void replace(Optional<PageHashTable> next) {
        next.ifPresent(given -> Shadow.requireFits(given, pages));
        table.filter(old -> next.isEmpty() || next.get() != old).ifPresent(PageHashTable::close);
        table = next;
    }

    /** The table, made now if there is none. */
    PageHashTable make() {
        if (table.isEmpty()) {
            table = Optional.of(new PageHashTable(pages, seed));
        }
        return table.get();
    }

    /** The table that was given or made before. */
    PageHashTable table() {
        return table.orElseThrow(() -> new IllegalStateException("a shadow is used before it was made ready"));
    }

    @Override
    public void close() {
        table.ifPresent(PageHashTable::close);
    }
}
