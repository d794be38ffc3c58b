package io.lull.worker.primary;

/**
 * A value that threads replace and others read.
 *
 * @param <T> immutable
 */
final class Current<T> {
    private volatile T value;

    Current(T first) {
        value = first;
    }

    T get() {
        return value;
    }

    synchronized void set(T next) {
        value = next;
    }

    /** Sets another value and returns the one that it replaces: nobody else gets that one from here. */
    synchronized T replace(T next) {
        T before = value;
        value = next;
        return before;
    }
}
