package io.lull.policy;

/**
 * The bounds of the worker's own configuration that no plan passes.
 *
 * @param minEpochNanos T_min: no checkpoint before this age, watermarks excepted
 * @param maxEpochNanos T_max: no epoch grows older, whatever the plan says
 * @param safeIntervalNanos the fallback interval when no plan holds
 * @param dirtyPagesWatermark an epoch with this many (predicted or counted) dirty pages is ended
 * @param heldBytesWatermark an epoch that holds this much output is ended
 */
public record HardLimits(
        long minEpochNanos,
        long maxEpochNanos,
        long safeIntervalNanos,
        long dirtyPagesWatermark,
        long heldBytesWatermark) {
    /** 2 ms to 500 ms, fallback 25 ms, 16,384 pages (64 MiB), 8 MiB held. */
    public static final HardLimits DEFAULT = new HardLimits(2_000_000, 500_000_000, 25_000_000, 16_384, 8L << 20);

    public HardLimits {
        Checks.notNegative("minEpochNanos", minEpochNanos);
        Checks.positive("maxEpochNanos", maxEpochNanos);
        Checks.positive("safeIntervalNanos", safeIntervalNanos);
        Checks.positive("dirtyPagesWatermark", dirtyPagesWatermark);
        Checks.positive("heldBytesWatermark", heldBytesWatermark);
        if (minEpochNanos > safeIntervalNanos || safeIntervalNanos > maxEpochNanos) {
            throw new IllegalArgumentException("hard limits need minEpoch <= safeInterval <= maxEpoch, are "
                    + minEpochNanos + ", " + safeIntervalNanos + ", " + maxEpochNanos + " ns");
        }
    }
}
