package io.lull.local.loop;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A host's clocks that go slower than the machine's, so that what holds the machine up holds the host up for less; and that
 * stand still while nobody looks, so that what stops the whole machine for longer doesn't pass on the host at all. On a
 * shared machine half a second of that was seen, which no prediction knows of. A loop that alone is late stays late: the
 * others' looks move the clock on.
 */
public final class SlowClock {
    /** What passes at most between two looks, by the machine's clock. A dozen loops look every two milliseconds each. */
    public static final long LONGEST_UNSEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private final int slowdown;
    private final LongSupplier machineNanos;
    private long seenNanos;
    private long passedNanos;
    private volatile long startMicros;

    /** A clock that goes {@code slowdown} times slower than the machine's once it is started. */
    public SlowClock(int slowdown) {
        this(slowdown, System::nanoTime);
    }

    SlowClock(int slowdown, LongSupplier machineNanos) {
        this.slowdown = slowdown;
        this.machineNanos = machineNanos;
    }

    /** Begins at 0 now; before the first look at it. */
    public synchronized void start() {
        seenNanos = machineNanos.getAsLong();
        passedNanos = 0;
        startMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    public int slowdown() {
        return slowdown;
    }

    /** The host's monotonic clock: its time since the start. */
    public synchronized long nanos() {
        long nowNanos = machineNanos.getAsLong();
        passedNanos += Math.min(nowNanos - seenNanos, LONGEST_UNSEEN_NANOS);
        seenNanos = nowNanos;
        return passedNanos / slowdown;
    }

    /** The host's wall clock. */
    public long micros() {
        return microsAt(nanos());
    }

    /** The wall clock at a time of the monotonic one. */
    public long microsAt(long nanos) {
        return startMicros + nanos / 1000;
    }
}
