package io.lull.worker.limit;

import java.util.Optional;

/**
 * A wait for others of which a stop of this process uses up a part only: it is made in {@value #PARTS} parts, one after the other,
 * so that a process which was stopped in one finds in the next what came meanwhile.
 */
public final class PartedWait {
    static final int PARTS = 4;

    private PartedWait() {}

    /** Waits so long at most. */
    public interface Until {
        /** Whether what is waited for has come. */
        boolean within(long nanos) throws InterruptedException;
    }

    /** The same for something that is to be had. */
    public interface For<T> {
        /** What is waited for; empty when it hasn't come. */
        Optional<T> within(long nanos) throws InterruptedException;
    }

    /** Waits for the limit, all parts together; whether what is waited for has come. */
    public static boolean until(long limitNanos, Until wait) throws InterruptedException {
        return first(limitNanos, nanos -> wait.within(nanos) ? Optional.of(true) : Optional.empty())
                .isPresent();
    }

    /** Waits for the limit, all parts together; what has come, if anything has. */
    public static <T> Optional<T> first(long limitNanos, For<T> wait) throws InterruptedException {
        Optional<T> found = Optional.empty();
        for (int part = 0; part < PARTS && found.isEmpty(); part++) {
            found = wait.within(limitNanos / PARTS);
        }
        return found;
    }
}
