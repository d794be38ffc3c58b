package io.lull.worker.cli;

import io.lull.worker.limit.PartedWait;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns a request to end the process (SIGTERM, Ctrl-C) into an end in good order: the verb is told to return, and the
 * process lasts until it has closed what it had open. The first resource of a verb, so that it is closed last.
 */
final class Termination implements AutoCloseable {
    private static final long CLOSE_LIMIT_SECONDS = 20;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::terminate, "lull-close");
    private final Stop stop = new Stop();

    Termination() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** What makes the verb return; run at once when the request has come already. */
    void byCalling(Runnable how) {
        stop.byCalling(how);
    }

    private void terminate() {
        stop.ask();
        try {
            boolean closed = PartedWait.until(
                    TimeUnit.SECONDS.toNanos(CLOSE_LIMIT_SECONDS), nanos -> done.await(nanos, TimeUnit.NANOSECONDS));
            if (!closed) {
                System.err.println("lull: not closed in order within " + CLOSE_LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook is what made the verb return.
            stop.ask();
        }
    }
}
