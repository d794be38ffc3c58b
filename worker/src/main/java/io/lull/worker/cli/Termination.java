package io.lull.worker.cli;

import java.util.concurrent.CountDownLatch;

/** What is to be done when the process is asked to end (SIGTERM, Ctrl-C). */
final class Termination {
    private static final long CLOSE_LIMIT_MILLIS = 10_000;

    private Termination() {}

    /** Runs {@code closing} before the process ends by a signal; nothing happens when it is killed. */
    static void before(Runnable closing) {
        Runtime.getRuntime().addShutdownHook(new Thread(closing, "lull-close"));
    }

    /** Opens {@code latch} on a signal and keeps the process until its main thread has ended in order. */
    static void onSignal(CountDownLatch latch) {
        Thread main = Thread.currentThread();
        before(() -> {
            latch.countDown();
            try {
                main.join(CLOSE_LIMIT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
