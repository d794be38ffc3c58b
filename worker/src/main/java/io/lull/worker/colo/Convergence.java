package io.lull.worker.colo;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the initial copy comes to an end: run after each of its batches, it lets the guest stand still for longer where
 * the copy doesn't end by itself.
 *
 * <p>The first pass over the memory takes as long as it takes, and says nothing of the guest. From then on QEMU copies what was
 * written meanwhile, and stops the guest when it reckons that what is left takes no longer than a limit: each time that {@link
 * #STEP_NANOS} go by without that, the limit is {@value #FACTOR} times as long, up to {@link ColoControl#LONGEST_DOWNTIME_MILLIS}. For one
 * thread.
 */
final class Convergence implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Convergence.class);
    static final long STEP_NANOS = 2_000_000_000L;
    static final long LOOK_NANOS = 500_000_000L;
    private static final int FACTOR = 3;

    private final ColoControl control;
    private final LongSupplier nanoClock;
    private CompletableFuture<Boolean> repeats = CompletableFuture.completedFuture(false);
    private OptionalLong lookedAtNanos = OptionalLong.empty();
    private OptionalLong limitedAtNanos = OptionalLong.empty();
    private long limitMillis = ColoControl.DOWNTIME_LIMIT_MILLIS;

    Convergence(ColoControl control, LongSupplier nanoClock) {
        this.control = control;
        this.nanoClock = nanoClock;
    }

    @Override
    public void run() {
        long nowNanos = nanoClock.getAsLong();
        if (limitedAtNanos.isPresent()) {
            lengthen(nowNanos, limitedAtNanos.getAsLong());
        } else if (repeats.getNow(false)) {
            limitedAtNanos = OptionalLong.of(nowNanos);
        } else if (lookedAtNanos.isEmpty() || nowNanos - lookedAtNanos.getAsLong() >= LOOK_NANOS) {
            lookedAtNanos = OptionalLong.of(nowNanos);
            repeats = control.askWhetherCopyRepeats();
        }
    }

    private void lengthen(long nowNanos, long sinceNanos) {
        if (nowNanos - sinceNanos < STEP_NANOS || limitMillis == ColoControl.LONGEST_DOWNTIME_MILLIS) {
            return;
        }
        limitMillis = Math.min(FACTOR * limitMillis, ColoControl.LONGEST_DOWNTIME_MILLIS);
        limitedAtNanos = OptionalLong.of(nowNanos);
        LOG.warn(
                "the guest writes faster than its memory is copied: it may stand still for up to {} ms once",
                limitMillis);
        control.limitDowntime(limitMillis);
    }
}
