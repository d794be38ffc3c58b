package io.lull.worker.primary;

/**
 * A value that one thread replaces and others read.
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

    void set(T next) {
        value = next;
    }
}
