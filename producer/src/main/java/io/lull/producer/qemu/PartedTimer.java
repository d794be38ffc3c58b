package io.lull.producer.qemu;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A limit on how long QEMU may take, of which a stop of this process uses up a part only. It passes in {@value #PARTS}
 * equal parts, one after the other: a process that was stopped and goes on finds one of them over, and what QEMU did
 * meanwhile in the next, instead of taking its own absence for QEMU's.
 *
 * <p>Who is told is told on the thread of a timer, once. From any thread.
 */
final class PartedTimer {
    static final int PARTS = 4;

    private final Function<Duration, CompletableFuture<Void>> timers;
    private final Duration part;
    private final Runnable onPassed;
    private boolean cancelled;
    private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);

    private PartedTimer(Function<Duration, CompletableFuture<Void>> timers, Duration part, Runnable onPassed) {
        this.timers = timers;
        this.part = part;
        this.onPassed = onPassed;
    }

    /** Starts one by the clock of this machine. */
    static PartedTimer start(Duration limit, Runnable onPassed) {
        return start(limit, onPassed, PartedTimer::after);
    }

    /**
     * Starts one.
     *
     * @param timers starts a timer, which completes after so long unless it is cancelled
     */
    static PartedTimer start(Duration limit, Runnable onPassed, Function<Duration, CompletableFuture<Void>> timers) {
        PartedTimer timer = new PartedTimer(timers, limit.dividedBy(PARTS), onPassed);
        timer.begin(PARTS);
        return timer;
    }

    private static CompletableFuture<Void> after(Duration duration) {
        return new CompletableFuture<Void>().completeOnTimeout(null, duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void begin(int partsLeft) {
        CompletableFuture<Void> next;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            next = timers.apply(part);
            running = next;
        }
        next.thenRun(partsLeft == 1 ? onPassed : () -> begin(partsLeft - 1));
    }

    /** Has nobody told who was not told yet. */
    synchronized void cancel() {
        cancelled = true;
        running.cancel(false);
    }
}
