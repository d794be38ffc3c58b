package io.lull.policy.signal;

import io.lull.policy.Checks;

/**
 * The host that runs the VM.
 *
 * @param cores processors
 * @param idleCores how many of them were idle, as a fraction of cores
 * @param linkKnown whether the link's rate has been measured; when false {@code linkBytesPerSecond} is 0
 * @param linkBytesPerSecond replication link, as measured
 * @param linkBacklogBytes queued for the backup and not yet sent
 */
public record HostSample(
        int cores, double idleCores, boolean linkKnown, long linkBytesPerSecond, long linkBacklogBytes) {
    public HostSample {
        Checks.positive("cores", cores);
        Checks.within("idleCores", idleCores, 0, cores);
        Checks.notNegative("linkBytesPerSecond", linkBytesPerSecond);
        Checks.notNegative("linkBacklogBytes", linkBacklogBytes);
    }
}
