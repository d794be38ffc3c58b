package io.lull.policy.sim;

import io.lull.policy.Checks;

/**
 * Dirty pages as a power of the work done: D(x) = min(floor + d·x^a, most). On recorded guests a is 0.2 to 0.55: a
 * working set fills up, and a doubled epoch adds 15 to 45 % pages.
 *
 * @param floorPages what every checkpoint has, however short: timers, the scheduler, the network stack
 * @param pagesAtTenMillis pages that 10 ms of vCPU time add
 * @param exponentRatio a, 0..1
 * @param mostPages the guest has no more
 */
public record PowerLawDirty(double floorPages, double pagesAtTenMillis, double exponentRatio, double mostPages)
        implements DirtyModel {
    private static final double TEN_MILLIS_NANOS = 1e7;

    public PowerLawDirty {
        Checks.within("floorPages", floorPages, 0, 1e9);
        Checks.within("pagesAtTenMillis", pagesAtTenMillis, 0, 1e9);
        Checks.within("exponentRatio", exponentRatio, 0, 1);
        Checks.within("mostPages", mostPages, 0, 1e9);
    }

    @Override
    public double pages(double fromNanos, double toNanos) {
        double work = Math.max(0, toNanos - fromNanos) / TEN_MILLIS_NANOS;
        return Math.min(mostPages, floorPages + pagesAtTenMillis * Math.pow(work, exponentRatio));
    }
}
