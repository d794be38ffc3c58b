package io.lull.local.client;

/** Counts the replies to INCR on one key, each of which must be the one before plus 1. Not thread-safe. */
public final class IncrTally {
    private long replies;
    private long lost;
    private long doubled;
    private long last;
    private long lastReplyAtNanos;
    private long maxGapNanos;

    /** A count that begins at this moment of a monotonic clock. */
    public IncrTally(long startNanos) {
        this.lastReplyAtNanos = startNanos;
    }

    /** Takes up a reply: the number in it, and when it came. The first may bear any number. */
    public void reply(long value, long atNanos) {
        maxGapNanos = Math.max(maxGapNanos, atNanos - lastReplyAtNanos);
        lastReplyAtNanos = atNanos;
        if (replies > 0) {
            if (value > last + 1) {
                lost += value - last - 1;
            } else if (value <= last) {
                doubled++;
            }
        }
        replies++;
        last = value;
    }

    long lastReplyAtNanos() {
        return lastReplyAtNanos;
    }

    long replies() {
        return replies;
    }

    /** All that was counted, for a connection that is alive or not. */
    public IncrReport report(boolean alive) {
        return new IncrReport(alive, replies, lost, doubled, last, maxGapNanos / 1_000_000);
    }
}
