package io.lull.worker.ship;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A bounded byte queue of whole frames: many threads put, one takes. */
final class SendRing {
    static final int MIN_BYTES = FrameHeader.BYTES + FrameHeader.MAX_PAYLOAD_BYTES;
    /** One write takes no more, so that its duration stays a measure of the link. */
    static final int MAX_WRITE_BYTES = 1 << 20;

    private final ByteBuffer ring;
    private final ByteBuffer header = ByteBuffer.allocate(FrameHeader.BYTES);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition freed = lock.newCondition();
    /** Total bytes ever put and taken; both only grow. */
    private long put;

    private long taken;
    private boolean closed;

    SendRing(int bytes) {
        this.ring = ByteBuffer.allocateDirect(bytes);
    }

    /** Copies the frame in, waiting for room; false once the ring is closed. */
    boolean put(Frame frame) throws InterruptedException {
        int length = FrameHeader.BYTES + frame.payload().remaining();
        lock.lockInterruptibly();
        try {
            while (!closed && ring.capacity() - (put - taken) < length) {
                freed.await();
            }
            if (closed) {
                return false;
            }
            copyIn(frame);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Copies the frame in if there is room now; false when there is none, or the ring is closed. */
    boolean offer(Frame frame) {
        lock.lock();
        try {
            int length = FrameHeader.BYTES + frame.payload().remaining();
            if (closed || ring.capacity() - (put - taken) < length) {
                return false;
            }
            copyIn(frame);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void copyIn(Frame frame) {
        frame.header().encode(header.clear());
        copyIn(header.flip());
        copyIn(frame.payload().duplicate());
        filled.signal();
    }

    private void copyIn(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int at = (int) (put % ring.capacity());
            int length = Math.min(bytes.remaining(), ring.capacity() - at);
            ring.put(at, bytes, bytes.position(), length);
            bytes.position(bytes.position() + length);
            put += length;
        }
    }

    /**
     * What is queued, oldest first, as one or two views; none after {@code nanos} without a frame or when the ring is
     * closed. The bytes stay queued until {@link #release}.
     */
    ByteBuffer[] peek(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (put == taken && !closed && left > 0) {
                left = filled.awaitNanos(left);
            }
            int length = (int) Math.min(put - taken, MAX_WRITE_BYTES);
            if (closed || length == 0) {
                return new ByteBuffer[0];
            }
            int at = (int) (taken % ring.capacity());
            int first = Math.min(length, ring.capacity() - at);
            ByteBuffer head = ring.slice(at, first);
            return first == length ? new ByteBuffer[] {head} : new ByteBuffer[] {head, ring.slice(0, length - first)};
        } finally {
            lock.unlock();
        }
    }

    /** Gives the oldest bytes back, once they are written. */
    void release(long bytes) {
        lock.lock();
        try {
            taken += bytes;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all is written; false when that takes longer, or the ring is closed before. */
    boolean awaitEmpty(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (put != taken && !closed && left > 0) {
                left = freed.awaitNanos(left);
            }
            return put == taken;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes everybody up and drops what is queued. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    long backlogBytes() {
        lock.lock();
        try {
            return closed ? 0 : put - taken;
        } finally {
            lock.unlock();
        }
    }
}
