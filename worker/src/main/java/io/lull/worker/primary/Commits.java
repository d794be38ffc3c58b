package io.lull.worker.primary;

import io.lull.worker.output.OutputGate;
import io.lull.worker.output.Released;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * What the backup of one session has acknowledged, and what of the VM's output leaves by it. From any thread.
 *
 * <pre>
 *   HELD ──the fence records the session, or this side was alone──▶ LEAVES ──acknowledged too late──▶ LATE
 *                                                                     ▲                                │
 *                                                                     ├────the fence records it again──┤
 *                                                                     └────acknowledged in time────────┘
 * </pre>
 *
 * <p>Late is what comes longer after its epoch's pause than the least silence after which a backup takes over: it may have taken the VM over
 * since. That it hasn't is shown by the fence, which is asked, or by the backup, which acknowledges nothing more once it takes over:
 * by an epoch whose pause came after the late word had been read here, so that the backup can't have said it before. From its pause on
 * this is the state from before: that one is in time, so that no backup that is silent since has taken over; what was recorded of the
 * session is recorded still, since only this run and a takeover change that. What lay in a buffer while this process stood still is of
 * an earlier pause, or late itself.
 */
final class Commits implements AutoCloseable {
    /** The least silence after which a backup may be told to take over. */
    static final long LATE_NANOS = 500_000_000;

    private final SessionTurns turns;
    private final Optional<OutputGate> gate;
    private final EpochBook book;
    private final LongSupplier nanoClock;
    private boolean committedOnce;
    private boolean mayLeave;
    /** When the word came for whose lateness alone nothing leaves; empty while that isn't so. */
    private OptionalLong lateSinceNanos = OptionalLong.empty();

    private boolean recorded;
    private long firstCommitted;
    private long acknowledged;
    private boolean closed;
    private Optional<LastEpoch> last = Optional.empty();

    /** @param gate empty when no output is captured */
    Commits(SessionTurns turns, Optional<OutputGate> gate, EpochBook book, LongSupplier nanoClock) {
        this.turns = turns;
        this.gate = gate;
        this.book = book;
        this.nanoClock = nanoClock;
    }

    /** The backup holds all up to this epoch's end. */
    synchronized void acknowledged(long epoch) {
        if (closed) {
            // It crossed with the session's end: nobody waits for the report any more.
            return;
        }
        long nowNanos = nanoClock.getAsLong();
        acknowledged = epoch;
        if (!committedOnce) {
            committedOnce = true;
            firstCommitted = epoch;
            mayLeave = turns.firstCommit(epoch);
        } else {
            judge(epoch, nowNanos);
        }
        Optional<Released> released = mayLeave ? release() : Optional.of(Released.NONE);
        turns.committed(book.acknowledged(epoch, nowNanos, released));
    }

    private void judge(long epoch, long nowNanos) {
        long sincePauseNanos = book.sinceCaptureNanos(epoch, nowNanos);
        boolean isLate = sincePauseNanos > LATE_NANOS;
        if (mayLeave && isLate) {
            // What was acknowledged is the backup's too, so to let it go would not be wrong. But frames of this VM must
            // not come between those of the one that goes on there.
            mayLeave = turns.lateCommit(epoch);
            lateSinceNanos = mayLeave ? OptionalLong.empty() : OptionalLong.of(nowNanos);
        } else if (lateSinceNanos.isPresent() && !isLate && sincePauseNanos < nowNanos - lateSinceNanos.getAsLong()) {
            mayLeave = true;
            lateSinceNanos = OptionalLong.empty();
        }
    }

    /** Empty where the gate doesn't see what leaves. */
    private Optional<Released> release() {
        Optional<Released> released = gate.isPresent() ? gate.get().release(acknowledged) : Optional.of(Released.NONE);
        last.ifPresent(epoch -> epoch.acknowledged(acknowledged));
        return released;
    }

    /** The fence has it that the backup may take over: what it acknowledged leaves. */
    synchronized void recorded() {
        if (!closed && committedOnce) {
            mayLeave = true;
            lateSinceNanos = OptionalLong.empty();
            release();
            if (!recorded) {
                recorded = true;
                turns.isProtected(firstCommitted);
            }
        }
    }

    /** Whether what the backup acknowledges leaves: then it may take over. */
    synchronized boolean mayLeave() {
        return !closed && mayLeave;
    }

    /** The guest is to stand still after an epoch, which hears of its commit once its output has left. */
    synchronized void endWith(LastEpoch epoch) {
        last = Optional.of(epoch);
    }

    /** Forgets what was not acknowledged. */
    @Override
    public synchronized void close() {
        closed = true;
        book.clear();
    }
}
