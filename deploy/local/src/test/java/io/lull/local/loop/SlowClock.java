package io.lull.local.loop;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A host's clocks that go slower than the machine's, so that what holds the machine up holds the host up for less. */
public final class SlowClock {
    private final int slowdown;
    private volatile long startNanos;
    private volatile long startMicros;

    /** A clock that goes {@code slowdown} times slower than the machine's once it is started. */
    public SlowClock(int slowdown) {
        this.slowdown = slowdown;
    }

    /** Begins at 0 now; before the first look at it. */
    public void start() {
        startNanos = System.nanoTime();
        startMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    public int slowdown() {
        return slowdown;
    }

    /** The host's monotonic clock: its time since the start. */
    public long nanos() {
        return (System.nanoTime() - startNanos) / slowdown;
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
