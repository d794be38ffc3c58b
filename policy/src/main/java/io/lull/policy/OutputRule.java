package io.lull.policy;

/**
 * Ends an epoch once enough waits to become visible, paced by what the link carries.
 *
 * <pre>
 * transfer(D) = transferNanos + transferNanosPerPage · D
 * fires when (held frames ≥ minHeldPackets or disk writes of the epoch ≥ minDiskWrites) and age ≥ pace · transfer(D)
 *         or transfer(D) ≥ longest epoch − age      (the dirty pages would miss the deadline)
 * </pre>
 *
 * @param minHeldPackets frames that must be held; at least 1
 * @param minDiskWrites disk writes that the epoch must have seen; at least 1
 * @param paceRatio how many transfer times an epoch must be long before its output ends it
 * @param transferNanos time to ship an epoch without a dirty page
 * @param transferNanosPerPage time that each dirty page adds
 */
public record OutputRule(
        long minHeldPackets, long minDiskWrites, double paceRatio, long transferNanos, double transferNanosPerPage) {
    public OutputRule {
        Checks.positive("minHeldPackets", minHeldPackets);
        Checks.positive("minDiskWrites", minDiskWrites);
        Checks.within("paceRatio", paceRatio, 0, 1000);
        Checks.notNegative("transferNanos", transferNanos);
        Checks.within("transferNanosPerPage", transferNanosPerPage, 0, 1e12);
    }

    /** Expected time to ship {@code dirtyPages}, nanoseconds. */
    public double transferNanosOf(double dirtyPages) {
        return transferNanos + transferNanosPerPage * dirtyPages;
    }
}
