package io.lull.job.metrics;

/**
 * How far the event time of all that a subtask is sent has come, at the pace of a clock.
 *
 * <pre>
 * credit  = min({@value #MOST_AT_ONCE_MILLIS} ms, credit + what the clock has gone on)
 * paced  += min(what the watermark has gone on, credit), and credit is less by as much
 * </pre>
 *
 * <p>Live, this is the watermark. It stands still while nothing comes, and when a backlog is worked off after that, in
 * which the watermark leaps ahead, it goes on no faster than the clock. It begins at 0 with the subtask.
 */
final class StreamTime {
    /** By how much a watermark that comes in steps, or is looked at seldom, is followed at once. */
    static final long MOST_AT_ONCE_MILLIS = 300;

    private final long listeningSinceMillis;
    private long clockMillis;
    private long watermarkMillis = Long.MIN_VALUE;
    private long creditMillis;
    private long pacedMillis;

    /** Begins at this time of the clock. */
    StreamTime(long clockMillis) {
        this.listeningSinceMillis = clockMillis;
        this.clockMillis = clockMillis;
    }

    /**
     * Goes on.
     *
     * @param watermarkNowMillis {@link Long#MIN_VALUE} before the first, {@link Long#MAX_VALUE} at the end
     */
    void follow(long watermarkNowMillis, long clockNowMillis) {
        long goneOnMillis = Math.max(0, clockNowMillis - clockMillis);
        creditMillis = Math.min(MOST_AT_ONCE_MILLIS, creditMillis + goneOnMillis);
        clockMillis = clockNowMillis;
        if (!isBeginning() && watermarkNowMillis > watermarkMillis) {
            long stepMillis = Math.min(watermarkNowMillis - watermarkMillis, creditMillis);
            pacedMillis += stepMillis;
            creditMillis -= stepMillis;
        }
        watermarkMillis = watermarkNowMillis;
    }

    /** When the subtask was started, by the clock: tells times of this one from those of earlier ones. */
    long listeningSinceMillis() {
        return listeningSinceMillis;
    }

    long pacedMillis() {
        return pacedMillis;
    }

    long watermarkMillis() {
        return watermarkMillis;
    }

    /** There was no watermark yet. */
    boolean isBeginning() {
        return watermarkMillis == Long.MIN_VALUE;
    }

    /** Nothing comes any more. */
    boolean isEnd() {
        return watermarkMillis == Long.MAX_VALUE;
    }
}
