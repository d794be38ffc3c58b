package io.lull.worker.disk;

import io.lull.policy.Checks;

/**
 * Counts since the log began, and the requests in flight now.
 *
 * @param writes write, zero and trim requests
 * @param writeBytes of data in write requests
 * @param inFlight requests received and not yet answered
 */
public record WriteCounts(long writes, long writeBytes, long flushes, int inFlight) {
    public WriteCounts {
        Checks.notNegative("writes", writes);
        Checks.notNegative("writeBytes", writeBytes);
        Checks.notNegative("flushes", flushes);
        Checks.notNegative("inFlight", inFlight);
    }
}
