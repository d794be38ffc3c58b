package io.lull.job.metrics;

import java.util.Arrays;

/** The entries of one pane's samples as columns, with their order in time. One table serves all panes in turn. */
final class SampleTable {
    private static final int FIRST_ROWS = 128;

    private int rows;
    private boolean inOrder;
    private int[] order = new int[FIRST_ROWS];
    private long[] atMicros = new long[FIRST_ROWS];
    private int[] hosts = new int[FIRST_ROWS];
    private long[] epochs = new long[FIRST_ROWS];
    private int[] flags = new int[FIRST_ROWS];
    private int[] busyPercents = new int[FIRST_ROWS];
    private long[] intervalsNanos = new long[FIRST_ROWS];
    private long[] elapsedNanos = new long[FIRST_ROWS];

    void clear() {
        rows = 0;
        inOrder = true;
    }

    int rows() {
        return rows;
    }

    void add(long at, int host, long epoch, int flag, int busyPercent, long interval, long elapsed) {
        if (rows == order.length) {
            grow();
        }
        order[rows] = rows;
        atMicros[rows] = at;
        hosts[rows] = host;
        epochs[rows] = epoch;
        flags[rows] = flag;
        busyPercents[rows] = busyPercent;
        intervalsNanos[rows] = interval;
        elapsedNanos[rows] = elapsed;
        inOrder &= rows == 0 || !isBefore(rows, rows - 1);
        rows++;
    }

    /** Brings the rows into the order of time, and of the host's hash where two are of one time. */
    void sort() {
        if (inOrder) {
            return;
        }
        // Almost in order, or a few hundred rows at the most: insertion.
        for (int i = 1; i < rows; i++) {
            int row = order[i];
            int at = i;
            while (at > 0 && isBefore(row, order[at - 1])) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = row;
        }
    }

    /** The row that is the {@code index}-th in order. */
    int inOrder(int index) {
        return order[index];
    }

    long atMicros(int row) {
        return atMicros[row];
    }

    long epoch(int row) {
        return epochs[row];
    }

    int flags(int row) {
        return flags[row];
    }

    int busyPercent(int row) {
        return busyPercents[row];
    }

    long intervalNanos(int row) {
        return intervalsNanos[row];
    }

    long elapsedNanos(int row) {
        return elapsedNanos[row];
    }

    private boolean isBefore(int row, int other) {
        return atMicros[row] < atMicros[other] || (atMicros[row] == atMicros[other] && hosts[row] < hosts[other]);
    }

    private void grow() {
        int more = 2 * order.length;
        order = Arrays.copyOf(order, more);
        atMicros = Arrays.copyOf(atMicros, more);
        hosts = Arrays.copyOf(hosts, more);
        epochs = Arrays.copyOf(epochs, more);
        flags = Arrays.copyOf(flags, more);
        busyPercents = Arrays.copyOf(busyPercents, more);
        intervalsNanos = Arrays.copyOf(intervalsNanos, more);
        elapsedNanos = Arrays.copyOf(elapsedNanos, more);
    }
}
