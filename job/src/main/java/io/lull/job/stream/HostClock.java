package io.lull.job.stream;

/**
 * How far the time that a record claims is believed. Claimed is when something happened by its host's clock, appended is
 * when the broker took the record, by the broker's.
 *
 * <pre>
 * TRUSTED   appended − 5 s ≤ claimed ≤ appended + 100 ms     event time = claimed
 * AHEAD     claimed later than that                          event time = appended
 * BEHIND    claimed earlier than that                        event time = appended
 * </pre>
 *
 * <p>A VM's windows go by its own samples ({@code metrics.VmTime}): a clock that is an hour ahead would close them an hour
 * too soon, and when it is put right all that comes within the next hour would be late. Watermarks, by which those of
 * silent VMs close, follow the latest event time of each partition, where the one clock would stand for many hosts.
 * Nothing is claimed in earnest outside the bounds: probes drop telemetry that is a second old. A record outside is not
 * moved to the bound but to the append time, where its host's other records are too.
 *
 * <p>Only windows go by event time. Scheduling goes by the job's clock and hands each host times of its own.
 */
public enum HostClock {
    TRUSTED,
    AHEAD,
    BEHIND;

    /** How far ahead of the broker a host's clock is believed. */
    public static final long AHEAD_MILLIS = 100;

    /** How far behind it, the time under way included. */
    public static final long BEHIND_MILLIS = 5000;

    /** What to make of a record. */
    static HostClock judge(long claimedMillis, long appendedMillis) {
        if (claimedMillis - AHEAD_MILLIS > appendedMillis) {
            return AHEAD;
        }
        return claimedMillis < appendedMillis - BEHIND_MILLIS ? BEHIND : TRUSTED;
    }

    /** The record's event time. */
    static long eventMillis(long claimedMillis, long appendedMillis) {
        return judge(claimedMillis, appendedMillis) == TRUSTED ? claimedMillis : appendedMillis;
    }
}
