package io.lull.worker.backup;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A bounded set of equal pieces of off-heap memory, kept for reuse. */
final class SlabPool {
    static final int SLAB_BYTES = 1 << 20;

    private final int maxSlabs;
    private final Deque<ByteBuffer> free = new ArrayDeque<>();
    private int made;

    SlabPool(long maxBytes) {
        this.maxSlabs = (int) Math.min(Integer.MAX_VALUE, Math.max(1, maxBytes / SLAB_BYTES));
    }

    /** An empty slab, or none when all are in use. */
    synchronized Optional<ByteBuffer> take() {
        ByteBuffer slab = free.poll();
        if (slab != null) {
            return Optional.of(slab.clear());
        }
        if (made == maxSlabs) {
            return Optional.empty();
        }
        made++;
        return Optional.of(ByteBuffer.allocateDirect(SLAB_BYTES));
    }

    synchronized void give(ByteBuffer slab) {
        free.push(slab);
    }
}
