package io.lull.worker.colo;

import java.util.function.LongSupplier;

/**
 * Tells of a guest that stands still, and not by the worker's order, whether it does so for a fault of this host's. QEMU is asked without
 * a wait when that begins, and again each {@value #ASK_AGAIN_NANOS} ns while it isn't so: an answer may be lost, and another fault follow.
 */
final class StuckGuest {
    static final long ASK_AGAIN_NANOS = 1_000_000_000L;

    private final ColoControl control;
    private final LongSupplier nanoClock;
    /** Grows with each change, so that late answers are known. */
    private int stand;

    private long askedAtNanos;
    private boolean stuck;

    StuckGuest(ColoControl control, LongSupplier nanoClock) {
        this.control = control;
        this.nanoClock = nanoClock;
    }

    /** It was stopped. */
    synchronized void stopped() {
        stand++;
        stuck = false;
        ask();
    }

    /** It runs. */
    synchronized void runs() {
        stand++;
        stuck = false;
    }

    /** Whether it stands still for a fault, as far as is known; to be asked only while it stands still. */
    synchronized boolean isSo() {
        if (!stuck && nanoClock.getAsLong() - askedAtNanos >= ASK_AGAIN_NANOS) {
            ask();
        }
        return stuck;
    }

    private void ask() {
        askedAtNanos = nanoClock.getAsLong();
        int of = stand;
        control.askWhetherStuck().thenAccept(fault -> answered(of, fault));
    }

    private synchronized void answered(int of, boolean fault) {
        if (of == stand) {
            stuck = fault;
        }
    }
}
