package io.lull.job.metrics;

import io.lull.job.state.PackedWriter;
import java.util.Arrays;

/**
 * Entries in the order in which they came, packed, with times, epochs and hosts as what changed since the entry before.
 * Kept by Flink, without the room for more: see {@link #trim}. {@link SampleEntries} and {@link ReportEntries} know what
 * an entry holds.
 */
public final class EntryLog {
    private static final int LEAST_STEP_BYTES = 32;
    private static final int STEPS = 8;

    /** How {@link SampleEntries} are written today; 0 is how they were before there was this number. */
    static final int STEADY = 1;

    /** How the entries are written: all of a log alike. */
    public int format;

    /** The entries; from {@link #length} on there is room. */
    public byte[] bytes = {};

    public int length;

    /** The latest time of an entry. */
    public long latestMicros = Long.MIN_VALUE;

    /** Time, epoch and host of the entry that came last; 0 before the first. */
    public long lastAtMicros;

    public long lastEpoch;
    public int lastHost;

    /** How much later the last entry was than the one before; 0 before the second. */
    public long lastStepMicros;

    /** When the guest resumed by the last entry that says so, by the host's wall clock; 0 before it. */
    public long lastResumeMicros;

    /** An empty log of today's format. */
    static EntryLog begun() {
        EntryLog log = new EntryLog();
        log.format = STEADY;
        return log;
    }

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
        lastStepMicros = length == 0 ? 0 : atMicros - lastAtMicros;
        length += entry.length();
        latestMicros = Math.max(latestMicros, atMicros);
        lastAtMicros = atMicros;
        lastEpoch = epoch;
        lastHost = host;
    }

    /** Gives up the room for more: few or none come. */
    void trim() {
        bytes = Arrays.copyOf(bytes, length);
    }
}
