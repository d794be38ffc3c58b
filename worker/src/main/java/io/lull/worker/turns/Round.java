package io.lull.worker.turns;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Decides who works next: the permits that are free, and those who wait, in order. No thread and no clock. */
final class Round {
    /** A task that was longer is the host's doing, which stopped its thread: it isn't held against its VM further. */
    static final long MAX_DEBT_NANOS = 8 * Turns.TURN_NANOS;

    private final ArrayDeque<TurnTaker> waiting = new ArrayDeque<>(Turns.MAX_WAITING + 1);
    private int freePermits;

    Round(int permits) {
        this.freePermits = permits;
    }

    /** Gives a permit and a whole turn, if one is free; else the taker waits behind the others. */
    boolean enter(TurnTaker taker) {
        if (freePermits > 0) {
            freePermits--;
            taker.creditNanos = Turns.TURN_NANOS;
            return true;
        }
        if (waiting.size() == Turns.MAX_WAITING) {
            throw new IllegalStateException(
                    "more than " + Turns.MAX_WAITING + " threads wait for their turn: too many VMs for one process");
        }
        waiting.add(taker);
        return false;
    }

    /** Gives a permit to one who doesn't wait for it. */
    boolean borrow() {
        if (freePermits == 0) {
            return false;
        }
        freePermits--;
        return true;
    }

    /** Takes what was worked from a taker's turn. */
    void charge(TurnTaker taker, long nanos) {
        taker.creditNanos = Math.max(taker.creditNanos - nanos, -MAX_DEBT_NANOS);
    }

    /** Takes a permit back; who gets it next, or null when nobody waits and it is free. */
    @Nullable
    TurnTaker leave() {
        if (waiting.isEmpty()) {
            freePermits++;
            return null;
        }
        return next();
    }

    /**
     * Takes a permit back from one who waits for its next turn from now on; who gets it next, perhaps the same. In one step,
     * or those whom the choice passes over would come before it, and its debt would be one towards nobody.
     */
    TurnTaker giveWay(TurnTaker taker) {
        waiting.add(taker);
        return next();
    }

    private TurnTaker next() {
        TurnTaker next = waiting.remove();
        // Ends: debts are bounded, and each time round lowers all of them by a turn.
        while (next.creditNanos + Turns.TURN_NANOS <= 0 && !waiting.isEmpty()) {
            next.creditNanos += Turns.TURN_NANOS;
            waiting.add(next);
            next = waiting.remove();
        }
        // What is left of an earlier turn is not saved up, and a debt towards nobody is none.
        next.creditNanos =
                next.creditNanos > 0 || waiting.isEmpty() ? Turns.TURN_NANOS : next.creditNanos + Turns.TURN_NANOS;
        return next;
    }

    int waiting() {
        return waiting.size();
    }

    int freePermits() {
        return freePermits;
    }
}
