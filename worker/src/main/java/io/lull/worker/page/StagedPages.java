package io.lull.worker.page;

import java.util.Arrays;

/**
 * The dirty pages of one checkpoint: page numbers and where their captured contents lie.
 *
 * <p>The arrays are reused for each checkpoint. They grow with what checkpoints have, as a rule before one needs it. The contents belong to whoever staged them and must
 * not change until the pages are encoded. Not thread-safe.
 */
public final class StagedPages {
    /** Content address of a page that is known to be all zero. */
    public static final long ZERO_PAGE = 0;

    /** Places at the begin: more than all but the wildest epochs need. */
    static final int FIRST_PLACES = 1 << 14;

    private final int capacity;
    private int[] pages;
    private long[] addresses;
    private long[] order = new long[0];
    private long[] moved = new long[0];
    private int count;
    private boolean ascending = true;

    /** Room for {@code capacity} pages; a VM's total never overflows. */
    public StagedPages(int capacity) {
        if (capacity < 1 || capacity > PageMemory.MAX_PAGES) {
            throw new IllegalArgumentException(
                    "capacity must be from 1 to " + PageMemory.MAX_PAGES + " pages, is " + capacity);
        }
        this.capacity = capacity;
        pages = new int[Math.min(capacity, FIRST_PLACES)];
        addresses = new long[pages.length];
    }

    /** Forgets all pages, and makes room for twice as many as there were. */
    public void clear() {
        makeRoom((int) Math.min(capacity, 2L * count));
        count = 0;
        ascending = true;
    }

    /**
     * Adds a page. Ascending page numbers save the sort before encoding.
     *
     * @param address where its 4096 bytes lie outside the heap, or {@link #ZERO_PAGE}
     * @throws IllegalStateException when there is no more room
     */
    public void add(int page, long address) {
        if (count == capacity) {
            throw new IllegalStateException("all " + count + " places for staged pages are taken at page " + page
                    + "; was a page staged twice?");
        }
        if (page < 0) {
            throw new IllegalArgumentException("a page number can't be negative, is " + page);
        }
        makeRoom(count + 1);
        ascending &= count == 0 || page > pages[count - 1];
        pages[count] = page;
        addresses[count] = address;
        count++;
    }

    private void makeRoom(int places) {
        if (places > pages.length) {
            int length = (int) Math.min(capacity, Math.max(places, 2L * pages.length));
            pages = Arrays.copyOf(pages, length);
            addresses = Arrays.copyOf(addresses, length);
        }
    }

    /** How many pages are staged. */
    public int count() {
        return count;
    }

    /** The number of the {@code i}th page. */
    public int page(int i) {
        return pages[check(i)];
    }

    /** Where the content of the {@code i}th page lies, or {@link #ZERO_PAGE}. */
    public long address(int i) {
        return addresses[check(i)];
    }

    /**
     * Puts the pages in ascending order.
     *
     * @throws IllegalStateException when a page was staged twice
     */
    public void sort() {
        if (ascending) {
            return;
        }
        if (order.length < count) {
            order = new long[pages.length];
            moved = new long[pages.length];
        }
        for (int i = 0; i < count; i++) {
            order[i] = ((long) pages[i] << Integer.SIZE) | i;
        }
        Arrays.sort(order, 0, count);
        for (int i = 0; i < count; i++) {
            pages[i] = (int) (order[i] >>> Integer.SIZE);
            moved[i] = addresses[(int) order[i]];
            if (i > 0 && pages[i] == pages[i - 1]) {
                throw new IllegalStateException("page " + pages[i] + " was staged twice in one checkpoint");
            }
        }
        System.arraycopy(moved, 0, addresses, 0, count);
        ascending = true;
    }

    private int check(int i) {
        if (i < 0 || i >= count) {
            throw new IndexOutOfBoundsException("page " + i + " of " + count + " staged pages");
        }
        return i;
    }
}
