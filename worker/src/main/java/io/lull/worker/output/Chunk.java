package io.lull.worker.output;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** A piece of memory outside the heap that frames are read into; it goes back to its pool with its last user. */
final class Chunk {
    static final int BYTES = 256 << 10;

    /** The memory. Position and limit are never moved, so that any thread may slice it and read it by index. */
    final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);

    private final ByteBuffer window = bytes.duplicate();
    private final ChunkPool pool;
    private final AtomicInteger users = new AtomicInteger();

    Chunk(ChunkPool pool) {
        this.pool = pool;
    }

    /** The memory from {@code from} on, to read a socket into; for the one thread that fills this chunk. */
    ByteBuffer windowFrom(int from) {
        return window.limit(BYTES).position(from);
    }

    /** Moves bytes of {@code source} here; both may be the same chunk, and the ranges may overlap. */
    void copyFrom(Chunk source, int from, int length, int target) {
        bytes.put(target, source.bytes, from, length);
    }

    void retain() {
        users.incrementAndGet();
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            pool.put(this);
        }
    }
}
