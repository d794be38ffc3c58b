package io.lull.lab;

import io.lull.lab.run.RunListener;
import java.io.PrintWriter;
import java.util.function.LongSupplier;

/**
 * Tells how far a long comparison is; on short ones it stays silent. On a terminal one line is written over once a
 * second; elsewhere, where nobody watches, a whole line comes every half a minute.
 */
final class ProgressLine implements RunListener, AutoCloseable {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long RARELY_NANOS = 30 * SECOND_NANOS;

    private final PrintWriter err;
    private final boolean terminal;
    private final LongSupplier clock;
    private final long startedAtNanos;
    private String heading = "";
    private long saidAtNanos;
    private int openLength;

    ProgressLine(PrintWriter err) {
        // There is a console only while both ends of the process are a person's.
        this(err, System.console() != null, System::nanoTime);
    }

    ProgressLine(PrintWriter err, boolean terminal, LongSupplier clock) {
        this.err = err;
        this.terminal = terminal;
        this.clock = clock;
        this.startedAtNanos = clock.getAsLong();
        this.saidAtNanos = startedAtNanos;
    }

    /** What is under way from now on, said before the figures; empty for nothing. */
    void about(String words) {
        heading = words.isEmpty() ? "" : words + ": ";
    }

    @Override
    public void done(Done done) {
        long now = clock.getAsLong();
        if (now - saidAtNanos < (terminal ? SECOND_NANOS : RARELY_NANOS)) {
            return;
        }
        saidAtNanos = now;
        String searches =
                done.allSearches() == 0 ? "" : ", " + done.searches() + " of " + done.allSearches() + " searches";
        String line = heading + done.runs() + " of " + done.allRuns() + " runs" + searches + ", "
                + (now - startedAtNanos) / SECOND_NANOS + " s";
        if (terminal) {
            err.print("\r" + line + " ".repeat(Math.max(0, openLength - line.length())));
            err.flush();
            openLength = line.length();
        } else {
            err.println(line);
        }
    }

    /** Ends the line if one was begun. */
    @Override
    public void close() {
        if (openLength > 0) {
            openLength = 0;
            err.println();
        }
    }
}
