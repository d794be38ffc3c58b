package io.lull.worker.backup;

import io.lull.worker.limit.DirectMemory;

/**
 * How many pieces of redo slots may be mapped at a time: one stock for all backups of a process. Thread-safe.
 *
 * <p>As many as half of what the JVM lets its buffers have would hold. What no piece is left for is written to the slots by calls, so
 * that a big epoch of one VM never fails for the mappings that another has.
 */
final class SlabStock {
    static final int SLAB_BYTES = 1 << 20;

    private static final int SHARE_OF_DIRECT_MEMORY = 2;
    private static final SlabStock PROCESS = new SlabStock(DirectMemory.maxBytes() / SHARE_OF_DIRECT_MEMORY);

    private final int maxSlabs;
    private int used;

    SlabStock(long maxBytes) {
        this.maxSlabs = (int) Math.min(Integer.MAX_VALUE, Math.max(1, maxBytes / SLAB_BYTES));
    }

    /** That of all backups of this process. */
    static SlabStock ofThisProcess() {
        return PROCESS;
    }

    long maxBytes() {
        return (long) maxSlabs * SLAB_BYTES;
    }

    /** Whether one may be mapped; no when all are in use. */
    synchronized boolean take() {
        if (used == maxSlabs) {
            return false;
        }
        used++;
        return true;
    }

    synchronized void give() {
        used--;
    }
}
