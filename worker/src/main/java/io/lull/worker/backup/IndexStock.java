package io.lull.worker.backup;

/**
 * How much heap the indexes of redo records may take at a time: one stock for all backups of a process. Thread-safe.
 *
 * <p>It is asked before heap is taken, so that a session whose epoch has too many records ends by itself. Without it the heap would end,
 * and with that the backups of all VMs of the process.
 */
final class IndexStock {
    /** A third: an epoch with as many records as it may have fits into the default heap, and most of that is left to others. */
    private static final int SHARE_OF_HEAP = 3;

    private static final IndexStock PROCESS =
            new IndexStock(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);

    private final long maxBytes;
    private long usedBytes;

    IndexStock(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** That of all backups of this process. */
    static IndexStock ofThisProcess() {
        return PROCESS;
    }

    long maxBytes() {
        return maxBytes;
    }

    synchronized long usedBytes() {
        return usedBytes;
    }

    /** Whether as many bytes may be taken; no when others have them. */
    synchronized boolean take(long bytes) {
        if (maxBytes - usedBytes < bytes) {
            return false;
        }
        usedBytes += bytes;
        return true;
    }

    synchronized void give(long bytes) {
        usedBytes -= bytes;
    }
}
