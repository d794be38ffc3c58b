package io.lull.policy.signal;

import io.lull.policy.Checks;

/**
 * One vCPU over a sample's interval.
 *
 * @param id index of the vCPU
 * @param dirtyPages pages it dirtied; meaningful as {@link DirtySource} of the sample says
 * @param runNanos time its thread ran
 * @param waitNanos time its thread was runnable and waited for a core
 */
public record VcpuSample(int id, long dirtyPages, long runNanos, long waitNanos) {
    public VcpuSample {
        Checks.notNegative("vcpu id", id);
        Checks.notNegative("dirtyPages", dirtyPages);
        Checks.notNegative("runNanos", runNanos);
        Checks.notNegative("waitNanos", waitNanos);
    }
}
