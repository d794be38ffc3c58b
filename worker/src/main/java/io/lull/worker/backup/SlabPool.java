package io.lull.worker.backup;

import java.nio.ByteBuffer;
import java.util.Optional;

/** One backup's share of the slabs that all backups of a process have. */
final class SlabPool {
    static final int SLAB_BYTES = SlabStock.SLAB_BYTES;

    private final SlabStock stock;
    private final long maxSlabs;
    private long used;

    /**
     * Nothing is taken yet.
     *
     * @param maxBytes most that this backup uses at a time, at least one slab
     * @param stock where all slabs come from, and go back to
     */
    SlabPool(long maxBytes, SlabStock stock) {
        this.stock = stock;
        this.maxSlabs = Math.max(1, maxBytes / SLAB_BYTES);
    }

    /** An empty slab, or none when this backup has its share in use, or all backups theirs. */
    synchronized Optional<ByteBuffer> take() {
        if (used == maxSlabs) {
            return Optional.empty();
        }
        Optional<ByteBuffer> slab = stock.take();
        if (slab.isPresent()) {
            used++;
        }
        return slab;
    }

    synchronized void give(ByteBuffer slab) {
        used--;
        stock.give(slab);
    }
}
