package io.lull.worker.colo;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the initial copy comes to an end: run after each of its batches, it lets the guest stand still for
 * longer, once, when the copy has taken too long. What comes before the first batch, such as the disk's copy, does not
 * count. For one thread.
 */
final class Convergence implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Convergence.class);
    /** A copy that takes longer does not converge by itself. */
    static final long LIMIT_NANOS = 5_000_000_000L;

    private final ColoControl control;
    private final LongSupplier nanoClock;
    private long firstNanos;
    private boolean began;
    private boolean raised;

    Convergence(ColoControl control, LongSupplier nanoClock) {
        this.control = control;
        this.nanoClock = nanoClock;
    }

    @Override
    public void run() {
        long nowNanos = nanoClock.getAsLong();
        if (!began) {
            began = true;
            firstNanos = nowNanos;
        } else if (!raised && nowNanos - firstNanos > LIMIT_NANOS) {
            raised = true;
            LOG.warn(
                    "the guest writes faster than its memory is copied: it may stand still for up to {} ms once",
                    ColoControl.RAISED_DOWNTIME_LIMIT_MILLIS);
            control.raiseDowntimeLimit();
        }
    }
}
