package io.lull.producer.probe;

import io.lull.policy.Checks;

/** What the disk's epoch log counts of a VM's writes. Called for every sample: no waiting. */
@FunctionalInterface
public interface DiskCounters {
    /** A VM without a replicated disk. */
    DiskCounters NONE = () -> new Disk(0, 0, 0, 0);

    Disk disk();

    /**
     * Counters since the log was made, and requests in flight now.
     *
     * @param writes write, zero and trim requests
     * @param inFlight received and not yet answered
     */
    record Disk(long writes, long writeBytes, long flushes, int inFlight) {
        public Disk {
            Checks.notNegative("writes", writes);
            Checks.notNegative("writeBytes", writeBytes);
            Checks.notNegative("flushes", flushes);
            Checks.notNegative("inFlight", inFlight);
        }
    }
}
