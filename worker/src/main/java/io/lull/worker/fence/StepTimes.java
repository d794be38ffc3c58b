package io.lull.worker.fence;

import java.util.function.LongSupplier;

/** How long each step of something took, in microseconds, for a line of the log. One thread uses it. */
public final class StepTimes {
    private final LongSupplier nanoClock;
    private final StringBuilder steps = new StringBuilder();
    private long lastNanos;

    /** The first step begins. */
    public StepTimes(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.lastNanos = nanoClock.getAsLong();
    }

    /** A step is done, and the next one begins. */
    public void reached(String step) {
        long nowNanos = nanoClock.getAsLong();
        steps.append(steps.isEmpty() ? "" : ", ").append(step).append(' ');
        steps.append((nowNanos - lastNanos) / 1000).append(" us");
        lastNanos = nowNanos;
    }

    @Override
    public String toString() {
        return steps.toString();
    }
}
