package io.lull.worker.primary;

import io.lull.policy.fence.FenceClaim;
import io.lull.worker.limit.PartedWait;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The one claim that is wished of the fence and not answered yet: a new one replaces the one before. Thread-safe; whoever decides by
 * two looks at it holds a lock of his own against others who change it.
 */
final class FenceWish {
    private Optional<FenceClaim> claim = Optional.empty();
    private boolean closed;

    /** Wishes for this, and for nothing else. */
    synchronized void want(FenceClaim next) {
        claim = Optional.of(next);
        notifyAll();
    }

    /** Wishes for nothing. */
    synchronized void clear() {
        claim = Optional.empty();
        notifyAll();
    }

    /** Wishes for nothing, if that was for a claim of this kind. */
    synchronized void clear(FenceClaim.Kind kind) {
        claim = claim.filter(wished -> wished.kind() != kind);
        notifyAll();
    }

    synchronized boolean isNone() {
        return claim.isEmpty();
    }

    synchronized boolean is(FenceClaim of) {
        return claim.equals(Optional.of(of));
    }

    /** Waits for a wish; empty when there will be none any more. */
    synchronized Optional<FenceClaim> next() throws InterruptedException {
        while (claim.isEmpty() && !closed) {
            wait();
        }
        return closed ? Optional.empty() : claim;
    }

    /** Waits for the pause; whether this is still wished after it, or false as soon as it is not. */
    synchronized boolean staysFor(FenceClaim of, long pauseMillis) throws InterruptedException {
        return lasts(() -> !closed && is(of), TimeUnit.MILLISECONDS.toNanos(pauseMillis));
    }

    /** Waits until nothing is wished any more, or the limit; whether that came. */
    boolean awaitNone(long limitMillis) throws InterruptedException {
        return PartedWait.until(TimeUnit.MILLISECONDS.toNanos(limitMillis), this::noneWithin);
    }

    private synchronized boolean noneWithin(long nanos) throws InterruptedException {
        return !lasts(() -> claim.isPresent(), nanos);
    }

    /** Waits for as long as that; whether it has been so all the time. The caller has the lock. */
    private boolean lasts(BooleanSupplier state, long nanos) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + nanos;
        while (state.getAsBoolean()) {
            long leftNanos = deadlineNanos - System.nanoTime();
            if (leftNanos <= 0) {
                return true;
            }
            TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
        }
        return false;
    }

    /** Nobody asks for what is wished from now on: {@link #next} and {@link #staysFor} end. */
    synchronized void close() {
        closed = true;
        clear();
    }
}
