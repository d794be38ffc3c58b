package io.lull.policy.sim;

import io.lull.policy.Checks;
import java.util.List;

/**
 * The pages that a real guest wrote, snapshot by snapshot.
 *
 * @param name of the recording
 * @param vcpuNanos vCPU time up to the end of each snapshot, cumulative
 * @param writtenPages page numbers written in each snapshot, each at most once
 */
public record DirtyTrace(String name, List<Long> vcpuNanos, List<int[]> writtenPages) {
    public DirtyTrace {
        vcpuNanos = List.copyOf(vcpuNanos);
        writtenPages = List.copyOf(writtenPages);
        Checks.positive("snapshots", vcpuNanos.size());
        if (vcpuNanos.size() != writtenPages.size()) {
            throw new IllegalArgumentException(
                    vcpuNanos.size() + " times for " + writtenPages.size() + " snapshots of " + name);
        }
        long before = 0;
        for (long nanos : vcpuNanos) {
            if (nanos < before) {
                throw new IllegalArgumentException("vCPU time runs backwards in " + name);
            }
            before = nanos;
        }
        Checks.positive("vCPU time of " + name, before);
    }
}
