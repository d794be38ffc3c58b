package io.lull.worker.primary;

import io.lull.policy.signal.EpochReport;

/** Running totals of a worker's committed epochs. Thread-safe. */
final class Totals {
    private long epochs;
    private long writtenBytes;
    private long shippedBytes;
    private long lastPauseNanos;
    private long lastCommitNanos;
    private long sessions;

    /** The totals at one moment. */
    record View(
            long epochs,
            long writtenBytes,
            long shippedBytes,
            long lastPauseNanos,
            long lastCommitNanos,
            long sessions) {}

    synchronized void session() {
        sessions++;
    }

    synchronized void add(EpochReport report) {
        epochs++;
        writtenBytes += report.bytes().writtenBytes();
        shippedBytes += report.bytes().shippedBytes();
        lastPauseNanos = report.pause().totalNanos();
        lastCommitNanos = report.stages().commitNanos();
    }

    synchronized View view() {
        return new View(epochs, writtenBytes, shippedBytes, lastPauseNanos, lastCommitNanos, sessions);
    }
}
