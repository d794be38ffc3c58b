package io.lull.worker.primary;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An epoch after which the guest stands still, until it is decided where it goes on.
 *
 * <pre>
 *   WANTED ──the guest is paused and captured──▶ STANDS ──the backup is about to be told──▶ HANDED ──▶ STAYS
 *      └────────────────────given up, the session ends─┴───────▶ RUNS_ON ◀────────────────────┘
 * </pre>
 *
 * A session that ends lets a guest that STANDS run on. One that is HANDED only whoever handed it decides about, and the
 * session waits for that. From any thread.
 */
final class LastEpoch {
    /** Where it is; the last two are final. */
    enum State {
        WANTED,
        STANDS,
        /** It stands, and the backup may run it already. */
        HANDED,
        /** The guest runs on here. */
        RUNS_ON,
        /** The guest never runs here again, as far as this worker can help it. */
        STAYS
    }

    private State state = State.WANTED;
    private OptionalLong epoch = OptionalLong.empty();
    private OptionalLong stoodNanos = OptionalLong.empty();
    private final CompletableFuture<Long> committed = new CompletableFuture<>();

    synchronized State state() {
        return state;
    }

    /** When the guest was paused; empty before. */
    synchronized OptionalLong stoodNanos() {
        return stoodNanos;
    }

    /** The guest stands still since then, at the end of an epoch; false when it is to run on instead. */
    synchronized boolean stands(long number, long sinceNanos) {
        if (state != State.WANTED) {
            return false;
        }
        state = State.STANDS;
        epoch = OptionalLong.of(number);
        stoodNanos = OptionalLong.of(sinceNanos);
        return true;
    }

    /** The backup holds an epoch, and its output may leave. */
    synchronized void acknowledged(long number) {
        if (epoch.isPresent() && number >= epoch.getAsLong()) {
            committed.complete(epoch.getAsLong());
        }
    }

    /** The session can't go on: what isn't committed won't be. */
    void lost(String why) {
        committed.completeExceptionally(new IllegalStateException(why));
    }

    /**
     * Waits until the backup holds all that the guest has done.
     *
     * @return the epoch; empty when that doesn't come within the limit, or the session is lost
     */
    OptionalLong awaitCommitted(long limitMillis) throws InterruptedException {
        try {
            return OptionalLong.of(committed.get(limitMillis, TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return OptionalLong.empty();
        }
    }

    /** The backup is about to be told; false when the guest runs on. */
    synchronized boolean hand() {
        if (state == State.STANDS) {
            state = State.HANDED;
        }
        return state == State.HANDED;
    }

    /** The session ends: a guest that wasn't handed over runs on. Waits for the decision about one that was. */
    synchronized State sessionEnds() {
        boolean interrupted = false;
        while (state == State.HANDED) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (state != State.STAYS) {
            runOn();
        }
        return state;
    }

    /** The guest runs on here. */
    synchronized void runOn() {
        if (state != State.STAYS) {
            state = State.RUNS_ON;
            notifyAll();
        }
    }

    /** The guest that was handed over never runs here again. */
    synchronized void stay() {
        if (state != State.HANDED) {
            throw new IllegalStateException("a guest that is " + state + " can't be said to stay");
        }
        state = State.STAYS;
        notifyAll();
    }

    /** Waits while the guest stands; whether it is to run on. */
    synchronized boolean awaitDecision() throws InterruptedException {
        while (state == State.STANDS || state == State.HANDED) {
            wait();
        }
        return state == State.RUNS_ON;
    }
}
