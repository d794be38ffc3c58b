package io.lull.worker.output;

import java.util.ArrayDeque;

/** Keeps chunks that are out of use, so that a busy gate allocates nothing. */
final class ChunkPool {
    /** Chunks kept, 8 MiB; more are left to the garbage collector. */
    static final int MAX_FREE = 32;

    private final ArrayDeque<Chunk> free = new ArrayDeque<>(MAX_FREE);

    /** Returns a chunk with one user, the caller. */
    Chunk take() {
        Chunk chunk = poll();
        chunk.retain();
        return chunk;
    }

    synchronized void put(Chunk chunk) {
        if (free.size() < MAX_FREE) {
            free.push(chunk);
        }
    }

    private synchronized Chunk poll() {
        return free.isEmpty() ? new Chunk(this) : free.pop();
    }
}
