package io.lull.worker.cli;

/** What is to be done when the process is asked to end (SIGTERM, Ctrl-C). */
final class Termination {
    private Termination() {}

    /** Runs {@code closing} before the process ends by a signal; nothing happens when it is killed. */
    static void before(Runnable closing) {
        Runtime.getRuntime().addShutdownHook(new Thread(closing, "lull-close"));
    }
}
