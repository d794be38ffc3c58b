package io.lull.policy.signal;

import io.lull.policy.Checks;

/**
 * A VM's disk writes: deltas over the sample's interval, and the requests in flight at its end.
 *
 * @param writes write, zero and trim requests
 * @param inFlight requests received and not yet answered
 */
public record DiskSample(long writes, long writeBytes, long flushes, int inFlight) {
    public static final DiskSample NONE = new DiskSample(0, 0, 0, 0);

    public DiskSample {
        Checks.notNegative("writes", writes);
        Checks.notNegative("writeBytes", writeBytes);
        Checks.notNegative("flushes", flushes);
        Checks.notNegative("inFlight", inFlight);
    }
}
