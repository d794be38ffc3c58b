package io.lull.worker.page;

/**
 * A run of neighbouring pages.
 *
 * @param firstPage number of the first
 * @param count how many, at least 1
 */
public record PageRange(int firstPage, int count) {
    public PageRange {
        if (firstPage < 0 || count < 1 || firstPage > PageMemory.MAX_PAGES - count) {
            throw new IllegalArgumentException("no " + count + " pages can begin at page " + firstPage);
        }
    }

    /** The number of the first page after it. */
    public int endPage() {
        return firstPage + count;
    }
}
