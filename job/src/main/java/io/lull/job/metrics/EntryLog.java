package io.lull.job.metrics;

import java.util.Arrays;

/**
 * Entries in the order in which they came, packed, with times, epochs and hosts as what changed since the entry before.
 * Kept by Flink. {@link SampleEntries} and {@link ReportEntries} know what an entry holds.
 */
public final class EntryLog {
    private static final int LEAST_STEP_BYTES = 32;
    private static final int STEPS = 8;

    /** The entries; from {@link #length} on there is room. */
    public byte[] bytes = {};

    public int length;

    /** The latest time of an entry. */
    public long latestMicros = Long.MIN_VALUE;

    /** Time, epoch and host of the entry that came last; 0 before the first. */
    public long lastAtMicros;

    public long lastEpoch;
    public int lastHost;

    /** Whether an entry of {@code atMicros} may be in here. */
    boolean reaches(long atMicros) {
        return length > 0 && atMicros <= latestMicros;
    }

    /** Appends an entry that was written as one to be appended here. */
    void append(PackedWriter entry, long atMicros, long epoch, int host) {
        if (bytes.length - length < entry.length()) {
            bytes = Arrays.copyOf(bytes, length + Math.max(entry.length(), LEAST_STEP_BYTES + length / STEPS));
        }
        entry.copyTo(bytes, length);
        length += entry.length();
        latestMicros = Math.max(latestMicros, atMicros);
        lastAtMicros = atMicros;
        lastEpoch = epoch;
        lastHost = host;
    }
}
