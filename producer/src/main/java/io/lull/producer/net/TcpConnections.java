package io.lull.producer.net;

import org.jspecify.annotations.Nullable;

/**
 * A bounded map from key to connection: open addressing with linear probing, and two lists in order of last use, one of
 * the open connections and one of the closed. Looking up and touching allocate nothing. Not thread-safe.
 */
final class TcpConnections {
    private final int maxOpen;
    private final @Nullable TcpConnection[] slots;
    private final TcpConnection open = new TcpConnection(0);
    private final TcpConnection closed = new TcpConnection(0);
    private int openCount;
    private int closedCount;

    /** @param maxOpen limit of the open connections, and also of the closed ones remembered */
    TcpConnections(int maxOpen) {
        this.maxOpen = maxOpen;
        // At most half full with both lists at their limit.
        this.slots = new TcpConnection[Integer.highestOneBit(maxOpen * 4 - 1) * 2];
    }

    @Nullable
    TcpConnection find(long key) {
        for (int slot = home(key); ; slot = slot + 1 & slots.length - 1) {
            TcpConnection connection = slots[slot];
            if (connection == null || connection.key == key) {
                return connection;
            }
        }
    }

    /** Adds an open connection whose key is not present; forgets the one unused for longest when there are too many. */
    boolean add(TcpConnection connection) {
        boolean full = openCount == maxOpen;
        if (full) {
            remove(open.after);
        }
        int slot = home(connection.key);
        while (slots[slot] != null) {
            slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = connection;
        append(open, connection);
        openCount++;
        return full;
    }

    /** Marks an open connection as the one used last. */
    void touch(TcpConnection connection) {
        unlink(connection);
        append(open, connection);
    }

    /** Turns an open connection into a closed one; forgets the oldest closed one when there are too many. */
    void close(TcpConnection connection, long nowNanos) {
        if (closedCount == maxOpen) {
            remove(closed.after);
        }
        connection.closed = true;
        connection.closedAtNanos = nowNanos;
        unlink(connection);
        append(closed, connection);
        openCount--;
        closedCount++;
    }

    /** Forgets the connections that were closed at least this long ago. */
    void forgetClosed(long nowNanos, long ageNanos) {
        while (closedCount > 0 && nowNanos - closed.after.closedAtNanos >= ageNanos) {
            remove(closed.after);
        }
    }

    void remove(TcpConnection connection) {
        unlink(connection);
        if (connection.closed) {
            closedCount--;
        } else {
            openCount--;
        }
        int hole = home(connection.key);
        while (slots[hole] != connection) {
            hole = hole + 1 & slots.length - 1;
        }
        closeGap(hole);
    }

    /** Moves later entries of the probe sequence back, so that no lookup stops at the hole. */
    private void closeGap(int start) {
        int mask = slots.length - 1;
        int hole = start;
        for (int slot = hole + 1 & mask; ; slot = slot + 1 & mask) {
            TcpConnection connection = slots[slot];
            if (connection == null) {
                slots[hole] = null;
                return;
            }
            if ((slot - home(connection.key) & mask) >= (slot - hole & mask)) {
                slots[hole] = connection;
                hole = slot;
            }
        }
    }

    int openCount() {
        return openCount;
    }

    /** The open connection unused for longest; follow {@code after} until {@link #isEnd}. */
    TcpConnection firstOpen() {
        return open.after;
    }

    boolean isEnd(TcpConnection connection) {
        return connection == open;
    }

    private int home(long key) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        return (int) (mixed ^ mixed >>> 32) & slots.length - 1;
    }

    private static void append(TcpConnection list, TcpConnection connection) {
        connection.before = list.before;
        connection.after = list;
        list.before.after = connection;
        list.before = connection;
    }

    private static void unlink(TcpConnection connection) {
        connection.before.after = connection.after;
        connection.after.before = connection.before;
    }
}
