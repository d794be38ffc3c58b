package io.lull.bench.job.load;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Turns monotonic moments of this machine into times of day that never go back. */
public final class WallClock {
    private final long originMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    private final long originNanos = System.nanoTime();

    /** Microseconds since 1970 at a moment of {@link System#nanoTime()}. */
    public long microsAt(long nanos) {
        return originMicros + (nanos - originNanos) / 1000;
    }

    public long nowMicros() {
        return microsAt(System.nanoTime());
    }
}
