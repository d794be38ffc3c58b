package io.lull.worker.backup;

/** One backup's share of the pieces of redo slots that all backups of a process may have mapped. */
final class SlabPool {
    static final int SLAB_BYTES = SlabStock.SLAB_BYTES;

    private final SlabStock stock;
    private final long maxSlabs;
    private long used;

    /**
     * Nothing is taken yet.
     *
     * @param maxBytes most that this backup uses at a time, at least one slab
     * @param stock where all come from, and go back to
     */
    SlabPool(long maxBytes, SlabStock stock) {
        this.stock = stock;
        this.maxSlabs = Math.max(1, maxBytes / SLAB_BYTES);
    }

    /** Whether one more may be mapped; no when this backup has its share in use, or all backups theirs. */
    synchronized boolean take() {
        if (used == maxSlabs || !stock.take()) {
            return false;
        }
        used++;
        return true;
    }

    synchronized void give() {
        used--;
        stock.give();
    }
}
