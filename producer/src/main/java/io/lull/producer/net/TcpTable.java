package io.lull.producer.net;

import io.lull.policy.Checks;
import io.lull.policy.signal.TcpSample;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The state of a guest's TCP connections, kept from its frames on both directions of its network card.
 *
 * <p>For each connection, with sequence numbers modulo 2^32 and {@code max} by signed difference:
 *
 * <pre>
 *   sent by the guest:   next = max(next, seq + payload + SYN + FIN)
 *   from the client:     unacknowledged = max(unacknowledged, ack); edge = max(edge, ack + (window &lt;&lt; scale))
 *   in flight            next - unacknowledged (frames that are held count as sent)
 *   window full          edge - next &lt; the client's segment size
 *   stalled              in flight &gt; 0 and nothing sent for 2 ms
 *   request pending      input with a payload came after the last payload sent
 *   takes turns          its client never asked anew with an answer unacknowledged, and the guest did not open it
 *   uploads              more than 64 KiB came since the last payload sent
 *   waits                the connection takes turns and has its answer, sent in the open epoch; or its window is full, or
 *                        it uploads and all that came is acknowledged, and no epoch before holds any of that
 *   held                 the same of what was sent since the oldest frame that is held
 *   asks                 a request is pending of a connection that takes turns; or its window was full, takes more, and
 *                        anything came or went within 20 ms; or it uploads and not all that came is acknowledged
 * </pre>
 *
 * <p>A connection is open from its first frame until RST, or until both sides said FIN and the guest's is acknowledged.
 * A closed one is remembered for 60 s, because a held FIN that comes later would open it again. A connection that is
 * older than the table has an unknown window scale: it counts as window-full only at a window of zero. A guest that
 * opens connections itself is treated alike: the peer is the client. IPv4 only.
 *
 * <p>Frames are hostile input: what is no TCP is counted as other, what is cut short or contradictory as malformed, and
 * nothing throws. The number of connections is bounded; beyond it the one unused for longest is dropped and counted.
 * Thread-safe by one lock; a frame of a known connection allocates nothing.
 */
public final class TcpTable {
    /** Open connections that one guest may have before the idle ones are dropped. */
    public static final int DEFAULT_MAX_CONNECTIONS = 4096;

    /** How long a closed connection is remembered. */
    public static final long CLOSED_KEPT_NANOS = 60_000_000_000L;

    private final ReentrantLock lock = new ReentrantLock();
    private final TcpFrame frame = new TcpFrame();
    private final TcpConnections connections;
    private final ServiceCounts services = new ServiceCounts();
    private long otherFrames;
    private long malformedFrames;
    private long droppedConnections;

    /** @param maxConnections open ones; 1 to 2^20 */
    public TcpTable(int maxConnections) {
        this.connections = new TcpConnections((int) Checks.within("maxConnections", maxConnections, 1, 1 << 20));
    }

    public TcpTable() {
        this(DEFAULT_MAX_CONNECTIONS);
    }

    /**
     * A frame that the guest sent, held or not.
     *
     * @param buffer is read from {@code offset} on; position, limit and byte order are left alone
     * @param length of the frame with its virtio header; the payload may be cut off
     * @param vnetHeaderBytes length of the virtio header before the Ethernet header; 0 without one
     * @param nowNanos of one monotonic clock for all calls
     */
    public void onOut(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes, long nowNanos) {
        lock.lock();
        try {
            if (!parse(buffer, offset, length, vnetHeaderBytes)) {
                return;
            }
            TcpConnection connection = connection(frame.keyOfSent());
            if (connection == null || connection.closed) {
                return;
            }
            connection.sent(frame, nowNanos);
            settle(connection, nowNanos);
        } finally {
            lock.unlock();
        }
    }

    /** A frame that the guest is given; parameters as for {@link #onOut}. */
    public void onIn(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes, long nowNanos) {
        lock.lock();
        try {
            if (!parse(buffer, offset, length, vnetHeaderBytes)) {
                return;
            }
            TcpConnection connection = connection(frame.keyOfReceived());
            if (connection == null || connection.closed) {
                return;
            }
            connection.received(frame, nowNanos);
            settle(connection, nowNanos);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The levels at {@code nowNanos}, over all open connections.
     *
     * @param openSinceNanos when the open epoch began: what was sent since then only a new checkpoint can release
     * @param heldSinceNanos when the oldest frame that is held was sent; where none is, not before now
     */
    public TcpSample sample(long nowNanos, long openSinceNanos, long heldSinceNanos) {
        lock.lock();
        try {
            connections.forgetClosed(nowNanos, CLOSED_KEPT_NANOS);
            int stalled = 0;
            int windowFull = 0;
            int zeroWindow = 0;
            int pending = 0;
            long bytesInFlight = 0;
            services.clear();
            TcpConnection each = connections.firstOpen();
            while (!connections.isEnd(each)) {
                stalled += each.isStalled(nowNanos) ? 1 : 0;
                windowFull += each.isWindowFull() ? 1 : 0;
                zeroWindow += each.hasZeroWindow() ? 1 : 0;
                pending += each.isRequestPending() ? 1 : 0;
                bytesInFlight += Math.max(0, each.bytesInFlight());
                boolean waits = each.waits(openSinceNanos);
                boolean held = waits || each.waits(heldSinceNanos);
                if (held || each.asks(nowNanos)) {
                    services.add(TcpFrame.guestPort(each.key), waits, held);
                }
                each = each.after;
            }
            return new TcpSample(
                    connections.openCount(),
                    stalled,
                    windowFull,
                    zeroWindow,
                    bytesInFlight,
                    pending,
                    services.largest());
        } finally {
            lock.unlock();
        }
    }

    /** What was left out since the table was made. */
    public TcpCounters counters() {
        lock.lock();
        try {
            return new TcpCounters(otherFrames, malformedFrames, droppedConnections);
        } finally {
            lock.unlock();
        }
    }

    private boolean parse(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes) {
        TcpFrame.Kind kind = frame.parse(buffer, offset, length, vnetHeaderBytes);
        if (kind == TcpFrame.Kind.OTHER) {
            otherFrames++;
        } else if (kind == TcpFrame.Kind.MALFORMED) {
            malformedFrames++;
        }
        return kind == TcpFrame.Kind.TCP;
    }

    /** The parsed frame's connection, made where the frame opens or reveals one; null where there is none to reset. */
    private @Nullable TcpConnection connection(long key) {
        TcpConnection connection = connections.find(key);
        boolean opens = frame.syn() && !frame.ack() && !frame.rst();
        if (connection != null && opens && connection.isPastItsSyn()) {
            connections.remove(connection);
            connection = null;
        }
        if (connection == null && !frame.rst()) {
            connection = new TcpConnection(key);
            droppedConnections += connections.add(connection) ? 1 : 0;
        }
        return connection;
    }

    private void settle(TcpConnection connection, long nowNanos) {
        if (frame.rst() || connection.isOver()) {
            connections.close(connection, nowNanos);
        } else {
            connections.touch(connection);
        }
    }
}
