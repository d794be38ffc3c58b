package io.lull.local;

import java.io.IOException;

/** Waits for conditions, with a limit. */
public final class Await {
    private static final long POLL_MILLIS = 20;

    private Await() {}

    /** A condition that may fail to be read. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException;
    }

    /**
     * Returns when the condition holds.
     *
     * @throws IOException when it does not within the limit
     */
    public static void until(String what, long limitMillis, Condition condition) throws IOException {
        long endNanos = System.nanoTime() + limitMillis * 1_000_000;
        while (!condition.holds()) {
            if (System.nanoTime() > endNanos) {
                throw new IOException("not within " + limitMillis + " ms: " + what);
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + what, e);
            }
        }
    }

    /** Lets time pass: a scenario's load and outages have a length. */
    public static void pass(long millis) throws IOException {
        try {
            Thread.sleep(Math.max(0, millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while time passed", e);
        }
    }
}
