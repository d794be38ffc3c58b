package io.lull.worker.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns a request to end the process (SIGTERM, Ctrl-C) into an end in good order: the verb is told to return, and the
 * process lasts until it has closed what it had open. The first resource of a verb, so that it is closed last.
 */
final class Termination implements AutoCloseable {
    private static final long CLOSE_LIMIT_SECONDS = 20;

    private final CountDownLatch done = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final Thread hook = new Thread(this::terminate, "lull-close");
    private volatile Runnable stop = () -> {};

    Termination() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** What makes the verb return; run at once when the request has come already. */
    void byCalling(Runnable how) {
        stop = how;
        if (asked.getCount() == 0) {
            how.run();
        }
    }

    /** Nothing is left to do: as if the request came. */
    void ask() {
        asked.countDown();
    }

    /** Returns when the request comes. */
    void await() throws InterruptedException {
        asked.await();
    }

    private void terminate() {
        asked.countDown();
        stop.run();
        try {
            if (!done.await(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS)) {
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
            asked.countDown();
        }
    }
}
