package io.lull.job.metrics;

/**
 * How far a VM's own event time has come, which is what its windows close by.
 *
 * <p>With L the event time of the VM's newest sample, S for how long none has come since, and floor() down to a whole
 * pane, all panes are closed that end by
 *
 * <pre>
 * floor(max(L − {@value #OUT_OF_ORDER_MILLIS} ms, L + S − {@value #PATIENCE_MILLIS} ms))
 *
 * S = how far {@link StreamTime} has come since then, or since the subtask was started
 * </pre>
 *
 * <p>A VM that sends goes by its own samples alone: how far the job has come with others, whose partitions it may read
 * seconds ahead while it works off a backlog, makes none of them late; nor does a host whose clock is ahead of its
 * neighbours'. A VM that is silent goes on with the others, but no faster than the clock: one whose partition is read a
 * little later than theirs is not silent.
 */
final class VmTime {
    /** How long a VM's windows wait for records that are out of order, by its own samples. */
    static final long OUT_OF_ORDER_MILLIS = 150;

    /** How much later than it would be due a sample of a VM that was silent may come. */
    static final long PATIENCE_MILLIS = 500;

    private VmTime() {}

    /** Begins with a VM's first record. */
    static void begin(MetricsState state, long eventMillis, StreamTime now) {
        state.started = true;
        state.latestMillis = eventMillis;
        state.closedMillis = RollUp.paneStart(eventMillis - OUT_OF_ORDER_MILLIS);
        state.newestStartMillis = state.closedMillis - RollUp.PANE_MILLIS;
        heard(state, eventMillis, now);
    }

    /** Takes note of a sample, whether or not it is of use. */
    static void heard(MetricsState state, long eventMillis, StreamTime now) {
        state.latestMillis = Math.max(state.latestMillis, eventMillis);
        state.heardMillis = now.pacedMillis();
        state.listeningSinceMillis = now.listeningSinceMillis();
    }

    /** All panes that end by this are closed. */
    static long closableMillis(MetricsState state, StreamTime now) {
        if (now.isEnd()) {
            return Long.MAX_VALUE - 1;
        }
        long afterLatestMillis = Math.max(-OUT_OF_ORDER_MILLIS, silentMillis(state, now) - PATIENCE_MILLIS);
        return RollUp.paneStart(state.latestMillis + afterLatestMillis);
    }

    /** The watermark at which a window that ends at {@code endMillis} is closed if the VM stays silent, or before it is. */
    static long dueMillis(MetricsState state, long endMillis, StreamTime now) {
        long leftMillis = endMillis + PATIENCE_MILLIS - state.latestMillis - silentMillis(state, now);
        return (now.isBeginning() ? state.latestMillis : now.watermarkMillis()) + Math.max(1, leftMillis);
    }

    private static long silentMillis(MetricsState state, StreamTime now) {
        boolean heardHere = state.listeningSinceMillis == now.listeningSinceMillis();
        return now.pacedMillis() - (heardHere ? state.heardMillis : 0);
    }
}
