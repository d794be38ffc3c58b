package io.lull.worker.turns;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One who takes {@link Turns}: for one thread at a time. */
public final class TurnTaker {
    private final Turns turns;

    /** What is left of its turn; less than nothing when it ran over. Written with the round locked. */
    volatile long creditNanos;

    private long beganNanos;
    private volatile @Nullable Thread waiter;
    private volatile boolean granted;

    TurnTaker(Turns turns) {
        this.turns = turns;
    }

    /**
     * Waits for a permit; not longer than the others' turns take. An interrupt is kept for later.
     *
     * @throws IllegalStateException when too many wait already
     */
    public void enter() {
        expectGrant();
        if (!turns.enter(this)) {
            awaitGrant();
        }
        begin();
    }

    /** To be called between two pieces of work: when its turn is over and others wait, waits for the next. */
    public void goOn() {
        if (turns.isOver(this, beganNanos)) {
            expectGrant();
            if (!turns.giveWay(this, beganNanos)) {
                awaitGrant();
            }
            begin();
        }
    }

    private void expectGrant() {
        granted = false;
        waiter = Thread.currentThread();
    }

    private void begin() {
        waiter = null;
        beganNanos = turns.now();
    }

    private void awaitGrant() {
        boolean interrupted = false;
        while (!granted) {
            LockSupport.park(turns);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The permit is its own now. */
    void grant() {
        Thread thread = waiter;
        granted = true;
        LockSupport.unpark(thread);
    }

    /** Gives the permit back. */
    public void leave() {
        turns.leave(this, beganNanos);
    }
}
