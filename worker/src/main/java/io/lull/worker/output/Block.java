package io.lull.worker.output;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Whole frames that lie side by side in one chunk and came within a second, framing words included, as they go back to QEMU. */
final class Block {
    private static final long SAME_AGE_NANOS = 1_000_000_000;

    private final Chunk chunk;
    private final int from;
    private final long arrivedNanos;
    private int to;
    private long packets;

    /** The block behind this one in its chain. */
    @Nullable
    Block next;

    Block(Chunk chunk, int from, int to, long packets, long arrivedNanos) {
        this.chunk = chunk;
        this.from = from;
        this.to = to;
        this.packets = packets;
        this.arrivedNanos = arrivedNanos;
    }

    Chunk chunk() {
        return chunk;
    }

    /** When the first of its frames arrived. */
    long arrivedNanos() {
        return arrivedNanos;
    }

    long packets() {
        return packets;
    }

    int bytes() {
        return to - from;
    }

    /** Grows by {@code other} and returns true, if that lies right behind this block in the same chunk, and is hardly younger. */
    boolean merge(Block other) {
        if (other.chunk != chunk || other.from != to || other.arrivedNanos - arrivedNanos > SAME_AGE_NANOS) {
            return false;
        }
        to = other.to;
        packets += other.packets;
        return true;
    }

    ByteBuffer view() {
        return chunk.bytes.slice(from, to - from);
    }

    void retain() {
        chunk.retain();
    }

    void release() {
        chunk.release();
    }
}
