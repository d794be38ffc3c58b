package io.lull.worker.page;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The 128-bit hash of every page of an image, 16 bytes a page outside the heap.
 *
 * <p>Two hosts that hold the same image and seed hold equal tables, so the tables tell which pages differ. A table is
 * brought up to date lazily: {@link #mark} pages as they are written, {@link #refresh} before reading. Reading while
 * marks are pending is refused. Not thread-safe.
 */
public final class PageHashTable implements AutoCloseable {
    /** Bytes of one page's hash: the low 64 bits, then the high ones, little-endian. */
    public static final int HASH_BYTES = 16;

    /** Most ranges that one comparison lists. */
    public static final int MAX_RANGES = 1 << 16;

    // Some 0.4 ms of hashing when all are marked (deploy/bench/pages/bench.sh hashes): no more, as other VMs wait for
    // their turn meanwhile.
    private static final int TASK_PAGES = 512;

    private static final int FILL_PAGES = 1 << 15;

    private final int pages;
    private final PageHasher hasher;
    private final BitSet marked;
    private final long table;
    private boolean closed;

    /**
     * A table of an image of zero pages.
     *
     * @param seed of the hash; both hosts must use the same, and the guest must not know it
     */
    public PageHashTable(int pages, long seed) {
        if (pages < 1 || pages > PageMemory.MAX_PAGES) {
            throw new IllegalArgumentException("an image has 1 to " + PageMemory.MAX_PAGES + " pages, not " + pages);
        }
        OffHeap.requireLittleEndian();
        this.pages = pages;
        this.hasher = new PageHasher(seed);
        this.marked = new BitSet(pages);
        this.table = OffHeap.allocate((long) pages * HASH_BYTES);
        long[] zero = new long[PageHasher.LONGS];
        try (PageMemory page = PageMemory.anonymous(1)) {
            hasher.hashPage(page.address(0), zero);
        }
        fill(zero);
    }

    /** With one hash. All threads stand still for a thread in a long loop like this once one of them collects garbage. */
    private void fill(long[] hash) {
        int pattern = Math.min(pages, FILL_PAGES);
        for (int i = 0; i < pattern; i++) {
            put(i, hash);
        }
        for (long done = pattern; done < pages; done += FILL_PAGES) {
            OffHeap.copy(table, entry((int) done), Math.min(FILL_PAGES, pages - done) * HASH_BYTES);
        }
    }

    /** How many pages it describes. */
    public int pages() {
        return pages;
    }

    /** Notes that a page was written, so that the next refresh hashes it again. */
    public void mark(int page) {
        marked.set(checkPage(page));
    }

    /** Marks all pages. */
    public void markAll() {
        marked.set(0, pages);
    }

    /** Hashes the marked pages of the image again. */
    public void refresh(PageMemory image, PageWorkers workers) {
        refreshMarked(image, new PageRange(0, pages), workers);
    }

    /** Hashes the marked pages of a range again. */
    public void refreshMarked(PageMemory image, PageRange range, PageWorkers workers) {
        refresh(image, range, workers, marked::get);
    }

    /** Hashes all pages of a range afresh, marked or not: memory may change without being written. */
    public void refresh(PageMemory image, PageRange range, PageWorkers workers) {
        refresh(image, range, workers, page -> true);
    }

    /** Hashes the wanted pages of a range afresh; the others keep their hashes, which must not be marked. */
    void refresh(PageMemory image, PageRange range, PageWorkers workers, IntPredicate wanted) {
        checkImage(image);
        checkRange(range);
        int tasks = (range.count() - 1) / TASK_PAGES + 1;
        workers.run(tasks, (task, worker) -> {
            int from = range.firstPage() + task * TASK_PAGES;
            int end = Math.min(range.endPage(), from + TASK_PAGES);
            long[] hash = new long[PageHasher.LONGS];
            for (int page = from; page < end; page++) {
                if (wanted.test(page)) {
                    set(page, image.address(page), hash);
                }
            }
        });
        marked.clear(range.firstPage(), range.endPage());
    }

    /** The hash of one page. */
    public PageDigest hash(int page) {
        requireFresh();
        long entry = entry(checkPage(page));
        return new PageDigest(OffHeap.getLong(entry), OffHeap.getLong(entry + Long.BYTES));
    }

    /** One hash over the hashes of a range of pages, none of which may be marked. */
    public PageDigest digest(PageRange range) {
        requireFresh(range);
        long[] hash = new long[PageHasher.LONGS];
        hasher.hash(entry(range.firstPage()), (long) range.count() * HASH_BYTES, hash);
        return new PageDigest(hash[0], hash[1]);
    }

    /**
     * The pages whose hashes differ from those of another table, in ascending ranges.
     *
     * @param fromPage where to begin; after a full answer, go on from the end of its last range
     * @param maxRanges most ranges to list, at most {@link #MAX_RANGES}
     */
    public List<PageRange> differences(PageHashTable other, int fromPage, int maxRanges) {
        if (other.pages != pages) {
            throw new IllegalArgumentException("one table has " + pages + " pages, the other " + other.pages);
        }
        if (maxRanges < 1 || maxRanges > MAX_RANGES) {
            throw new IllegalArgumentException("1 to " + MAX_RANGES + " ranges can be listed, not " + maxRanges);
        }
        requireFresh();
        other.requireFresh();
        List<PageRange> ranges = new ArrayList<>();
        int page = fromPage;
        while (page < pages && ranges.size() < maxRanges) {
            int first = page;
            while (page < pages && !sameAs(other, page)) {
                page++;
            }
            if (page > first) {
                ranges.add(new PageRange(first, page - first));
            }
            page++;
        }
        return ranges;
    }

    private void requireFresh(PageRange range) {
        checkRange(range);
        int stale = marked.get(range.firstPage(), range.endPage()).nextSetBit(0);
        if (stale >= 0) {
            throw new IllegalStateException(
                    "page " + (range.firstPage() + stale) + " changed since it was hashed; refresh the table first");
        }
    }

    /**
     * Writes the hashes of a range of pages, none of which may be marked.
     *
     * @param target has room for {@link #HASH_BYTES} a page from its position on, which moves behind them
     */
    public void exportTo(ByteBuffer target, PageRange range) {
        requireFresh(range);
        ByteBuffer view = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (int page = range.firstPage(); page < range.endPage(); page++) {
            view.putLong(OffHeap.getLong(entry(page)));
            view.putLong(OffHeap.getLong(entry(page) + Long.BYTES));
        }
        target.position(view.position());
    }

    /**
     * Takes over hashes that another table exported; marks of these pages are dropped.
     *
     * @param source has {@link #HASH_BYTES} a page from its position on, which moves behind them
     * @throws java.nio.BufferUnderflowException when it has fewer
     */
    public void importFrom(ByteBuffer source, PageRange range) {
        checkRange(range);
        ByteBuffer view = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (int page = range.firstPage(); page < range.endPage(); page++) {
            OffHeap.putLong(entry(page), view.getLong());
            OffHeap.putLong(entry(page) + Long.BYTES, view.getLong());
        }
        marked.clear(range.firstPage(), range.endPage());
        source.position(view.position());
    }

    /** Whether the page at an address has the hash that the table holds for {@code page}. */
    boolean matches(int page, long address, long[] scratch) {
        hasher.hashPage(address, scratch);
        long entry = entry(checkPage(page));
        return OffHeap.getLong(entry) == scratch[0] && OffHeap.getLong(entry + Long.BYTES) == scratch[1];
    }

    /** Hashes the page at an address and takes the hash for that of {@code page}. */
    void set(int page, long address, long[] scratch) {
        hasher.hashPage(address, scratch);
        put(checkPage(page), scratch);
    }

    void requireFresh() {
        if (!marked.isEmpty()) {
            throw new IllegalStateException(
                    marked.cardinality() + " pages changed since the hash table was refreshed; refresh it first");
        }
    }

    private boolean sameAs(PageHashTable other, int page) {
        long mine = entry(page);
        long theirs = other.entry(page);
        return OffHeap.getLong(mine) == OffHeap.getLong(theirs)
                && OffHeap.getLong(mine + Long.BYTES) == OffHeap.getLong(theirs + Long.BYTES);
    }

    private void put(int page, long[] hash) {
        OffHeap.putLong(entry(page), hash[0]);
        OffHeap.putLong(entry(page) + Long.BYTES, hash[1]);
    }

    private long entry(int page) {
        if (closed) {
            throw new IllegalStateException("the hash table is closed");
        }
        return table + (long) page * HASH_BYTES;
    }

    private int checkPage(int page) {
        if (page < 0 || page >= pages) {
            throw new IndexOutOfBoundsException("page " + page + " of a hash table of " + pages + " pages");
        }
        return page;
    }

    private void checkImage(PageMemory image) {
        if (image.pages() != pages) {
            throw new IllegalArgumentException("the image has " + image.pages() + " pages, its hash table " + pages);
        }
    }

    private void checkRange(PageRange range) {
        if (range.endPage() > pages) {
            throw new IndexOutOfBoundsException(range + " ends behind the " + pages + " pages of the hash table");
        }
    }

    /** Frees the memory. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            OffHeap.free(table);
        }
    }
}
