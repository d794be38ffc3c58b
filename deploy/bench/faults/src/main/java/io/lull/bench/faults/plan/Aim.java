package io.lull.bench.faults.plan;

/**
 * The moment at which a fault falls.
 *
 * @param waitMillis until an epoch is chosen
 * @param phase of that epoch
 * @param delayMicros after the phase's first event
 */
public record Aim(int waitMillis, Phase phase, int delayMicros) {
    public Aim {
        if (waitMillis < 0 || delayMicros < 0) {
            throw new IllegalArgumentException("not a moment to come: " + waitMillis + " ms, " + delayMicros + " us");
        }
    }

    @Override
    public String toString() {
        return phase + "+" + delayMicros + "us";
    }
}
