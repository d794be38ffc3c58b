package io.lull.policy.gerofi;

import io.lull.policy.Checks;

/**
 * The parameters of {@link WorkloadAdaptivePolicy}. No published text that could be read names their values, so all are
 * swept.
 *
 * @param minEpochNanos T_min: the guest runs at least this long
 * @param maxEpochNanos T_max: no epoch is longer
 * @param paceRatio alpha: how many transfer times an epoch must be long before its output ends it
 * @param minHeldPackets K_io for frames: so many must be held; at least 1
 * @param minDiskWrites K_io for disk writes: so many must have been made; at least 1
 */
public record WorkloadAdaptiveSettings(
        long minEpochNanos, long maxEpochNanos, double paceRatio, long minHeldPackets, long minDiskWrites) {
    /** 5 to 200 ms, one transfer time, any frame or disk write. */
    public static final WorkloadAdaptiveSettings DEFAULT =
            new WorkloadAdaptiveSettings(5_000_000, 200_000_000, 1, 1, 1);

    public WorkloadAdaptiveSettings {
        Checks.notNegative("minEpochNanos", minEpochNanos);
        Checks.positive("maxEpochNanos", maxEpochNanos);
        Checks.within("paceRatio", paceRatio, 0, 1000);
        Checks.positive("minHeldPackets", minHeldPackets);
        Checks.positive("minDiskWrites", minDiskWrites);
        if (minEpochNanos > maxEpochNanos) {
            throw new IllegalArgumentException(
                    "minEpochNanos " + minEpochNanos + " is above maxEpochNanos " + maxEpochNanos);
        }
    }
}
