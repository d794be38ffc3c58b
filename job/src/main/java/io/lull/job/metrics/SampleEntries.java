package io.lull.job.metrics;

import io.lull.policy.IdleRule;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VacantThreshold;

/**
 * Writes and reads what a pane remembers of each of its samples: who it is, so that it counts once, and what {@link
 * IdleSlotDetector} and {@link VacantThreshold} look at, so that they see the samples in order, however they came.
 *
 * <p>A sample is its VM's, host's and moment's: {@code sampledAt} in microseconds. Hosts are told apart by a hash of 32
 * bits. A busy share is kept in whole percent, which is the step of the learned threshold. What can't matter is left
 * out: how long an interval was that breaks an idle stretch anyway, and how long after the resume a sample was taken
 * in which no slot can begin. A sample takes 3 to 11 bytes, 5 to 6 on the average.
 */
final class SampleEntries {
    private static final int SAME_EPOCH = 1;
    private static final int SAME_HOST = 1 << 1;
    private static final int COUNTS = 1 << 2;
    private static final int VACANT = 1 << 3;
    private static final int QUIET = 1 << 4;
    private static final int READY = 1 << 5;
    private static final int PENDING = 1 << 6;
    private static final int PERCENT = 100;
    private static final int NANOS_PER_MICRO = 1000;

    /** No learned threshold is above this: a sample as busy as this is never idle. */
    private static final int NEVER_IDLE_PERCENT = (int) Math.round(VacantThreshold.CAP_RATIO * PERCENT);

    private final PackedReader reader = new PackedReader();
    private int flags;
    private int host;
    private long atMicros;
    private long epoch;
    private int busyPercent;
    private long intervalNanos;
    private long elapsedNanos;

    /** Writes the entry of {@code sample} into {@code entry}, as one to be appended to {@code log}. */
    void write(PackedWriter entry, EntryLog log, SampleView sample, int sampleHost) {
        int signs = signs(sample);
        int percent = Math.min(PERCENT, (int) (sample.busyRatio * PERCENT));
        int same = (sample.epoch == log.lastEpoch ? SAME_EPOCH : 0) | (sampleHost == log.lastHost ? SAME_HOST : 0);
        entry.begin();
        entry.putByte(signs | same);
        long sinceMicros = sample.sampledAtMicros - log.lastAtMicros;
        entry.putSigned(sinceMicros);
        if ((same & SAME_EPOCH) == 0) {
            entry.putSigned(sample.epoch - log.lastEpoch);
        }
        if ((same & SAME_HOST) == 0) {
            entry.putInt(sampleHost);
        }
        if ((signs & (COUNTS | VACANT)) != 0) {
            entry.putByte(percent);
        }
        if (hasInterval(signs, percent)) {
            // The interval is about the time since the sample before: mostly a few hundred nanoseconds off.
            entry.putSigned(sample.intervalNanos - sinceMicros * NANOS_PER_MICRO);
        }
        if (hasElapsed(signs, percent)) {
            entry.putUnsigned(sample.elapsedNanos);
        }
    }

    boolean contains(EntryLog log, long wantedAtMicros, int wantedHost) {
        open(log);
        while (next()) {
            if (atMicros == wantedAtMicros && host == wantedHost) {
                return true;
            }
        }
        return false;
    }

    void open(EntryLog log) {
        reader.open(log.bytes, log.length);
        host = 0;
        atMicros = 0;
        epoch = 0;
    }

    /** Reads the next entry into this; false at the end. */
    boolean next() {
        if (!reader.hasNext()) {
            return false;
        }
        flags = reader.nextByte();
        long sinceMicros = reader.nextSigned();
        atMicros += sinceMicros;
        epoch += has(SAME_EPOCH) ? 0 : reader.nextSigned();
        host = has(SAME_HOST) ? host : reader.nextInt();
        busyPercent = has(COUNTS) || has(VACANT) ? reader.nextByte() : PERCENT;
        intervalNanos = hasInterval(flags, busyPercent) ? reader.nextSigned() + sinceMicros * NANOS_PER_MICRO : 1;
        elapsedNanos = hasElapsed(flags, busyPercent) ? reader.nextUnsigned() : Long.MAX_VALUE;
        return true;
    }

    /** Puts the entry that was read into {@code table}. */
    void addTo(SampleTable table) {
        table.add(atMicros, host, epoch, flags, busyPercent, intervalNanos, elapsedNanos);
    }

    /** Puts a row back into the form of a sample, as far as detector and threshold look at it. */
    static void load(SampleView view, SampleTable table, int row) {
        int signs = table.flags(row);
        boolean counts = (signs & COUNTS) != 0;
        view.sampledAtMicros = table.atMicros(row);
        view.epoch = table.epoch(row);
        view.intervalNanos = table.intervalNanos(row);
        view.elapsedNanos = counts ? table.elapsedNanos(row) : 0;
        view.vcpus = counts ? 1 : 0;
        view.busyRatio = busyRatio(table, row);
        view.txPackets = (signs & QUIET) != 0 ? 0 : 1;
        view.diskInFlight = (signs & READY) != 0 ? 0 : 1;
        view.openPackets = (signs & READY) != 0 ? 1 : 0;
        view.requestsPending = (signs & PENDING) != 0 ? 1 : 0;
    }

    static boolean isVacant(SampleTable table, int row) {
        return (table.flags(row) & VACANT) != 0;
    }

    /** The middle of the percent, so that no rounding moves it into another. */
    static double busyRatio(SampleTable table, int row) {
        return (table.busyPercent(row) + 0.5) / PERCENT;
    }

    private static int signs(SampleView sample) {
        return (IdleSlotDetector.counts(sample, IdleRule.DEFAULT) ? COUNTS : 0)
                | (VacantThreshold.isVacant(sample) ? VACANT : 0)
                | (sample.txPackets == 0 ? QUIET : 0)
                | (sample.diskInFlight == 0 && sample.openPackets > 0 ? READY : 0)
                | (sample.requestsPending > 0 ? PENDING : 0);
    }

    private static boolean hasInterval(int signs, int percent) {
        return (signs & COUNTS) != 0 && ((signs & QUIET) != 0 || percent < NEVER_IDLE_PERCENT);
    }

    private static boolean hasElapsed(int signs, int percent) {
        int slot = COUNTS | QUIET | READY;
        return (signs & slot) == slot && percent < NEVER_IDLE_PERCENT;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
