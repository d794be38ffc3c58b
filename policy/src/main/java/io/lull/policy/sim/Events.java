package io.lull.policy.sim;

import java.util.Arrays;

/**
 * What is going to happen, earliest first: a binary heap of times and codes. Events at the same time come out in the
 * order in which they were added, so that a run is determined by its seed.
 */
final class Events {
    private static final int FIRST_CAPACITY = 64;

    private long[] at = new long[FIRST_CAPACITY];
    private long[] order = new long[FIRST_CAPACITY];
    private long[] code = new long[FIRST_CAPACITY];
    private int size;
    private long added;

    /** When the next event happens; {@link Long#MAX_VALUE} when there is none. */
    long nextAt() {
        return size == 0 ? Long.MAX_VALUE : at[0];
    }

    void add(long atNanos, long what) {
        if (size == at.length) {
            at = Arrays.copyOf(at, 2 * size);
            order = Arrays.copyOf(order, 2 * size);
            code = Arrays.copyOf(code, 2 * size);
        }
        int i = size++;
        long number = added++;
        while (i > 0) {
            int parent = (i - 1) / 2;
            if (at[parent] <= atNanos) {
                break;
            }
            move(parent, i);
            i = parent;
        }
        at[i] = atNanos;
        order[i] = number;
        code[i] = what;
    }

    /** Takes the next event out and returns its code. */
    long poll() {
        long result = code[0];
        size--;
        if (size > 0) {
            sink(at[size], order[size], code[size]);
        }
        return result;
    }

    private void sink(long atNanos, long number, long what) {
        int i = 0;
        while (true) {
            int child = 2 * i + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && isBefore(child + 1, at[child], order[child])) {
                child++;
            }
            if (!isBefore(child, atNanos, number)) {
                break;
            }
            move(child, i);
            i = child;
        }
        at[i] = atNanos;
        order[i] = number;
        code[i] = what;
    }

    private boolean isBefore(int i, long atNanos, long number) {
        return at[i] < atNanos || (at[i] == atNanos && order[i] < number);
    }

    private void move(int from, int to) {
        at[to] = at[from];
        order[to] = order[from];
        code[to] = code[from];
    }

    void copyFrom(Events other) {
        if (at.length < other.size) {
            at = new long[other.at.length];
            order = new long[other.at.length];
            code = new long[other.at.length];
        }
        System.arraycopy(other.at, 0, at, 0, other.size);
        System.arraycopy(other.order, 0, order, 0, other.size);
        System.arraycopy(other.code, 0, code, 0, other.size);
        size = other.size;
        added = other.added;
    }
}
