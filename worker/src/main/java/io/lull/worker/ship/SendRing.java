package io.lull.worker.ship;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A bounded byte queue of whole frames: many threads put, one takes.
 *
 * <p>Pages leave some room to others: a full ring has an epoch's pages wait, but not at once the disk write that a pause
 * waits for, nor what is said about the session. A guest that writes more to its disk than the link carries would keep them
 * waiting for as long as it does: after {@link #PASSING_BYTES} of other records it is the turn of the pages that wait.
 */
final class SendRing {
    static final int MIN_BYTES = FrameHeader.BYTES + FrameHeader.MAX_PAYLOAD_BYTES;
    /** One write takes no more, so that its duration stays a measure of the link. */
    static final int MAX_WRITE_BYTES = 1 << 20;

    /** Room that pages leave, in a ring that is large enough. */
    static final int RESERVED_BYTES = 4 << 20;

    /** Records that may pass pages which wait, before those have their turn. */
    static final int PASSING_BYTES = 1 << 20;

    private final ByteBuffer ring;
    private final int reservedBytes;
    private final ByteBuffer header = ByteBuffer.allocate(FrameHeader.BYTES);
    private final ByteBuffer peeked = ByteBuffer.allocate(FrameHeader.BYTES);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition freed = lock.newCondition();
    /** Total bytes ever put and taken; both only grow. */
    private long put;

    private long taken;
    private int waitingPages;
    private long passedBytes;
    private boolean closed;

    SendRing(int bytes) {
        this.ring = ByteBuffer.allocateDirect(bytes);
        this.reservedBytes = Math.min(RESERVED_BYTES, bytes - MIN_BYTES);
    }

    /** Copies the frame in, waiting for room; false once the ring is closed. */
    boolean put(Frame frame) throws InterruptedException {
        return put(frame, Long.MAX_VALUE);
    }

    /** The same, waiting for so long at most; false when there was no room in time, too. */
    boolean put(Frame frame, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            boolean hasRoom = isPages(frame) ? hasTurn(frame, nanos) : hasRoom(frame, nanos);
            if (!hasRoom) {
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
            if (closed || !fits(frame)) {
                return false;
            }
            copyIn(frame);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(Frame frame, long nanos) throws InterruptedException {
        long left = nanos;
        while (!closed && !fits(frame) && left > 0) {
            left = freed.awaitNanos(left);
        }
        return !closed && fits(frame);
    }

    private boolean hasTurn(Frame pages, long nanos) throws InterruptedException {
        waitingPages++;
        try {
            return hasRoom(pages, nanos);
        } finally {
            waitingPages--;
            passedBytes = 0;
            freed.signalAll();
        }
    }

    private static boolean isPages(Frame frame) {
        return frame.header().type() == FrameType.PAGES;
    }

    private boolean isTurnOfPages() {
        return waitingPages > 0 && passedBytes >= PASSING_BYTES;
    }

    private boolean fits(Frame frame) {
        long room = ring.capacity()
                - (put - taken)
                - FrameHeader.BYTES
                - frame.payload().remaining();
        if (isPages(frame)) {
            return room >= (isTurnOfPages() ? 0 : reservedBytes);
        }
        return room >= 0 && !(frame.header().type().isRecord() && isTurnOfPages());
    }

    private void copyIn(Frame frame) {
        long before = put;
        frame.header().encode(header.clear());
        copyIn(header.flip());
        copyIn(frame.payload().duplicate());
        if (waitingPages > 0 && !isPages(frame)) {
            passedBytes += put - before;
            freed.signalAll();
        }
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
     * Whole frames of what is queued, oldest first, as one or two views; none after {@code nanos} without a frame that may
     * go, or when the ring is closed. The bytes stay queued until {@link #release}, and all of them must be released before
     * the next call.
     *
     * @param recordBytes how many bytes of records may go; the last of them may be longer. What is no record may go always
     */
    ByteBuffer[] peek(long nanos, long recordBytes) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            int length = closed ? 0 : lengthToGo(recordBytes);
            long left = nanos;
            while (length == 0 && !closed && left > 0) {
                left = filled.awaitNanos(left);
                length = lengthToGo(recordBytes);
            }
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

    private int lengthToGo(long recordBytes) {
        int length = 0;
        long left = recordBytes;
        while (taken + length < put) {
            FrameHeader frame = headerAt(taken + length);
            int bytes = FrameHeader.BYTES + frame.payloadBytes();
            boolean waits = frame.type().isRecord() && left <= 0;
            if (waits || length + bytes > MAX_WRITE_BYTES) {
                return length;
            }
            length += bytes;
            left -= bytes;
        }
        return length;
    }

    private FrameHeader headerAt(long position) {
        int at = (int) (position % ring.capacity());
        int first = Math.min(FrameHeader.BYTES, ring.capacity() - at);
        peeked.clear().put(0, ring, at, first).put(first, ring, 0, FrameHeader.BYTES - first);
        try {
            return FrameHeader.decode(peeked);
        } catch (ProtocolException e) {
            throw new IllegalStateException("no frame of this ring's begins at byte " + position, e);
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

    /** Tells from now on whether all that is queued at this moment has been taken. */
    BooleanSupplier soFarTaken() {
        lock.lock();
        try {
            long upTo = put;
            return () -> hasTaken(upTo);
        } finally {
            lock.unlock();
        }
    }

    private boolean hasTaken(long upTo) {
        lock.lock();
        try {
            return taken >= upTo;
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
