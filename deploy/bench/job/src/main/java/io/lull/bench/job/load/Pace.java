package io.lull.bench.job.load;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * An open loop: the n-th event is due at a moment that was fixed beforehand, whatever became of those before it. A
 * sender that falls behind sends what is due at once and stamps each event with the moment at which it was due, so that
 * the wait counts as latency (no coordinated omission).
 */
public final class Pace {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double perSecond;
    private final long startNanos;
    private final LongSupplier nanoClock;
    private long next;

    /**
     * A loop that begins now.
     *
     * @param perSecond events a second
     * @param nanoClock monotonic, nanoseconds
     */
    public Pace(double perSecond, LongSupplier nanoClock) {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("events a second must be more than 0, are " + perSecond);
        }
        this.perSecond = perSecond;
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
    }

    /** Waits until the next event is due, if it is not yet; returns when it was due. */
    public long awaitNextNanos() {
        long dueNanos = startNanos + (long) (next * (NANOS_PER_SECOND / perSecond));
        next++;
        long leftNanos = dueNanos - nanoClock.getAsLong();
        while (leftNanos > 0) {
            LockSupport.parkNanos(leftNanos);
            leftNanos = dueNanos - nanoClock.getAsLong();
        }
        return dueNanos;
    }
}
