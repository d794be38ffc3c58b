package io.lull.lab;

import io.lull.lab.run.RunListener;
import java.io.PrintWriter;
import java.util.function.LongSupplier;

/** Tells a person how far a long comparison is, at most once a second; on short ones it stays silent. */
final class ProgressLine implements RunListener, AutoCloseable {
    private static final long EVERY_NANOS = 1_000_000_000;

    private final PrintWriter err;
    private final LongSupplier clock;
    private final long startedAtNanos;
    private long saidAtNanos;
    private boolean open;

    ProgressLine(PrintWriter err) {
        this(err, System::nanoTime);
    }

    ProgressLine(PrintWriter err, LongSupplier clock) {
        this.err = err;
        this.clock = clock;
        this.startedAtNanos = clock.getAsLong();
        this.saidAtNanos = startedAtNanos;
    }

    @Override
    public void done(int runs, int total) {
        long now = clock.getAsLong();
        if (now - saidAtNanos >= EVERY_NANOS) {
            saidAtNanos = now;
            open = true;
            err.print("\r" + runs + " of " + total + " runs, " + (now - startedAtNanos) / EVERY_NANOS + " s");
            err.flush();
        }
    }

    /** Ends the line if one was begun. */
    @Override
    public void close() {
        if (open) {
            open = false;
            err.println();
        }
    }
}
