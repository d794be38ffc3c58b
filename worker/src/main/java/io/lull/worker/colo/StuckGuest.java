package io.lull.worker.colo;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Tells of a guest that stands still, and not by the worker's order, whether it does so for a fault of this host's. QEMU is asked without
 * a wait when that begins, and again each {@value #ASK_AGAIN_NANOS} ns while it isn't so: an answer may be lost, and another fault follow.
 *
 * <p>Without locks: answers come from threads that hold the monitor's.
 */
final class StuckGuest {
    static final long ASK_AGAIN_NANOS = 1_000_000_000L;
    private static final int NEVER = -1;

    private final ColoControl control;
    private final LongSupplier nanoClock;
    /** Grows with each stop and resume, so that late answers are known. */
    private final AtomicInteger now = new AtomicInteger();

    private volatile int stuckThen = NEVER;
    private volatile long askedAtNanos;

    StuckGuest(ColoControl control, LongSupplier nanoClock) {
        this.control = control;
        this.nanoClock = nanoClock;
    }

    /** It was stopped. */
    void stopped() {
        now.incrementAndGet();
        ask();
    }

    /** It runs. */
    void runs() {
        now.incrementAndGet();
    }

    /** Whether it stands still for a fault, as far as is known; to be asked only while it stands still. */
    boolean isSo() {
        if (stuckThen == now.get()) {
            return true;
        }
        if (nanoClock.getAsLong() - askedAtNanos >= ASK_AGAIN_NANOS) {
            ask();
        }
        return stuckThen == now.get();
    }

    private void ask() {
        askedAtNanos = nanoClock.getAsLong();
        int then = now.get();
        control.askWhetherStuck().thenAccept(fault -> {
            if (fault) {
                stuckThen = then;
            }
        });
    }
}
