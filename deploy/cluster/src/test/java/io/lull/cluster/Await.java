package io.lull.cluster;

import java.util.concurrent.TimeUnit;

/** Waits for conditions, with a limit that a machine under load keeps too. */
final class Await {
    private static final long LIMIT_SECONDS = 90;
    private static final long POLL_MILLIS = 50;

    private Await() {}

    /** A condition that may fail to be read. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    static void until(String what, Condition condition) throws Exception {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.holds()) {
            if (System.nanoTime() > endNanos) {
                throw new AssertionError("not within " + LIMIT_SECONDS + " s: " + what);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
