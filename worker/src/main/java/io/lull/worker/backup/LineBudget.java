package io.lull.worker.backup;

import java.util.OptionalLong;

/**
 * How many lines of the log may be written of what whoever reaches a port can bring about at will: so many in each window
 * of time, which begins with its first line. A line of a later window is told how many were left out before it. Decides
 * only; the caller has the clock and the log. Thread-safe.
 */
final class LineBudget {
    private final int mostLines;
    private final long windowNanos;
    private long beganNanos;
    private int written;
    private long leftOut;

    /**
     * With nothing written yet.
     *
     * @param mostLines of a window, at least 1
     */
    LineBudget(int mostLines, long windowNanos) {
        if (mostLines < 1 || windowNanos < 1) {
            throw new IllegalArgumentException(mostLines + " lines in " + windowNanos + " ns: both must be at least 1");
        }
        this.mostLines = mostLines;
        this.windowNanos = windowNanos;
    }

    /** Whether to write a line now: empty when not, else how many were left out since the last one. */
    synchronized OptionalLong admit(long nowNanos) {
        if (written == 0 || nowNanos - beganNanos >= windowNanos) {
            beganNanos = nowNanos;
            written = 0;
        }
        if (written == mostLines) {
            leftOut++;
            return OptionalLong.empty();
        }
        written++;
        long before = leftOut;
        leftOut = 0;
        return OptionalLong.of(before);
    }
}
