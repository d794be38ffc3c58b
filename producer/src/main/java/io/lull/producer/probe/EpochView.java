package io.lull.producer.probe;

import io.lull.policy.Checks;

/** What the epoch loop shows of itself. Called for every sample: no waiting. */
@FunctionalInterface
public interface EpochView {
    /** @param nowNanos of the clock by which the loop times its epochs */
    OpenEpoch epoch(long nowNanos);

    /**
     * The epoch that is open now, and what the checkpoints before it counted.
     *
     * @param epoch its number
     * @param elapsedNanos since the guest's resume; 0 while the guest stands still in a pause
     * @param checkpoints how many have been counted in {@code dirtyPages}
     * @param dirtyPages of all these checkpoints together; a sum, so that a slow sampler misses none
     */
    record OpenEpoch(long epoch, long elapsedNanos, long checkpoints, long dirtyPages) {
        public OpenEpoch {
            Checks.notNegative("epoch", epoch);
            Checks.notNegative("elapsedNanos", elapsedNanos);
            Checks.notNegative("checkpoints", checkpoints);
            Checks.notNegative("dirtyPages", dirtyPages);
        }
    }
}
