package io.lull.worker.turns;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The permits to work that the VMs of a process share, handed out in turns. Thread-safe; allocates nothing once everybody
 * has waited.
 */
public final class Turns {
    /** How long a VM works while others wait: some chunks of pages, and many times what handing over costs. */
    public static final long TURN_NANOS = 500_000;

    /** Most threads that may wait at a time. */
    public static final int MAX_WAITING = 1024;

    private final Round round;
    private final LongSupplier nanoClock;
    private final Runnable whenFree;
    private volatile int waiting;
    // Since when somebody has waited; turns count from there on, as until then nobody was kept waiting.
    private volatile long contendedSinceNanos;

    /**
     * @param permits threads that may work at a time
     * @param nanoClock monotonic
     */
    public Turns(int permits, LongSupplier nanoClock) {
        this(permits, nanoClock, () -> {});
    }

    /**
     * @param permits threads that may work at a time
     * @param nanoClock monotonic
     * @param whenFree called when a permit becomes free and nobody waits for it
     */
    public Turns(int permits, LongSupplier nanoClock, Runnable whenFree) {
        if (permits < 1) {
            throw new IllegalArgumentException("at least one thread must be allowed to work, not " + permits);
        }
        this.round = new Round(permits);
        this.nanoClock = nanoClock;
        this.whenFree = whenFree;
    }

    /** One permit for each core of this host. */
    public static Turns ofThisHost() {
        return new Turns(Runtime.getRuntime().availableProcessors(), System::nanoTime);
    }

    /** One more who takes turns: a VM, or one of the threads that work for it. */
    public TurnTaker taker() {
        return new TurnTaker(this);
    }

    /** Threads that wait for their turn. */
    public int waiting() {
        return waiting;
    }

    /** Whether a permit could be borrowed now. */
    public boolean hasFree() {
        synchronized (round) {
            return round.freePermits() > 0;
        }
    }

    /** Takes a permit that nobody waits for; to be given back as soon as somebody {@link #waiting waits}. */
    public boolean borrow() {
        synchronized (round) {
            return round.borrow();
        }
    }

    /**
     * Gives a borrowed permit back.
     *
     * @param forWhom whose turn pays
     * @param beganNanos when it was borrowed
     */
    public void giveBack(TurnTaker forWhom, long beganNanos) {
        leave(forWhom, beganNanos);
    }

    long now() {
        return nanoClock.getAsLong();
    }

    /** Whether the taker may work at once; if not it waits now, and is {@link TurnTaker#grant granted} its turn later. */
    boolean enter(TurnTaker taker) {
        synchronized (round) {
            if (round.enter(taker)) {
                return true;
            }
            if (round.waiting() == 1) {
                contendedSinceNanos = now();
            }
            waiting = round.waiting();
            return false;
        }
    }

    void leave(TurnTaker taker, long beganNanos) {
        TurnTaker next = passOn(taker, beganNanos);
        if (next != null) {
            next.grant();
        } else {
            whenFree.run();
        }
    }

    private @Nullable TurnTaker passOn(TurnTaker taker, long beganNanos) {
        synchronized (round) {
            if (round.waiting() > 0) {
                round.charge(taker, contendedNanos(beganNanos));
            }
            TurnTaker next = round.leave();
            waiting = round.waiting();
            return next;
        }
    }

    /** Passes the permit on when the taker's turn is over; true when it has it still or again. */
    boolean giveWay(TurnTaker taker, long beganNanos) {
        TurnTaker next;
        synchronized (round) {
            if (round.waiting() == 0) {
                return true;
            }
            round.charge(taker, contendedNanos(beganNanos));
            next = round.giveWay(taker);
            waiting = round.waiting();
        }
        if (next != taker) {
            next.grant();
        }
        return next == taker;
    }

    /** Whether others wait, and have done so for what the taker had left. */
    boolean isOver(TurnTaker taker, long beganNanos) {
        return waiting > 0 && contendedNanos(beganNanos) >= taker.creditNanos;
    }

    private long contendedNanos(long beganNanos) {
        long since = contendedSinceNanos;
        return now() - (since - beganNanos > 0 ? since : beganNanos);
    }
}
