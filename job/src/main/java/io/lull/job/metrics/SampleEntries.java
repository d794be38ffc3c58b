package io.lull.job.metrics;

import io.lull.job.state.PackedReader;
import io.lull.job.state.PackedWriter;
import io.lull.policy.IdleRule;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VacantThreshold;

/**
 * Writes and reads what a pane remembers of each of its samples: who it is, so that it counts once, and what {@link
 * IdleSlotDetector} and {@link VacantThreshold} look at, so that they see the samples in order, however they came.
 *
 * <p>A sample is its VM's, host's and moment's: {@code sampledAt} in microseconds. Hosts are told apart by a hash of 32
 * bits. A busy share is kept in steps of 2^-18, and only below the highest threshold; times in whole microseconds. What
 * can't matter is left out: how long an interval was that breaks an idle stretch anyway, and how long after the resume a
 * sample was taken in which no slot can begin.
 *
 * <p>Probes are steady, so what is written is how much a sample is off: its time from one step after the sample before,
 * its interval from that step, and its epoch's resume (its time less what has elapsed) from the resume that the entries
 * before tell of. A sample takes 2 to 12 bytes, some 5 on the average.
 */
final class SampleEntries {
    private static final int SAME_EPOCH = 1;
    private static final int SAME_HOST = 1 << 1;
    private static final int COUNTS = 1 << 2;
    private static final int VACANT = 1 << 3;
    private static final int QUIET = 1 << 4;
    private static final int READY = 1 << 5;
    private static final int PENDING = 1 << 6;

    /** Busy for less than {@link VacantThreshold#CAP_RATIO}: no learned threshold is above that. */
    private static final int LOW = 1 << 7;

    private static final int BUSY_STEPS = 1 << 18;

    /** How many more bits a step has in logs without a format. */
    private static final int FINER_BITS = 6;

    private static final int NANOS_PER_MICRO = 1000;

    private final PackedReader reader = new PackedReader();
    private boolean steady;
    private int entriesRead;
    private int flags;
    private int host;
    private long atMicros;
    private long stepMicros;
    private long resumeMicros;
    private long epoch;
    private int busySteps;
    private long intervalNanos;
    private long elapsedNanos;

    /** Writes the entry of {@code sample} into {@code entry}, as one to be appended to {@code log}. */
    void write(PackedWriter entry, EntryLog log, SampleView sample, int sampleHost) {
        int signs = signs(sample);
        int same = (sample.epoch == log.lastEpoch ? SAME_EPOCH : 0) | (sampleHost == log.lastHost ? SAME_HOST : 0);
        entry.begin();
        entry.putByte(signs | same);
        long sinceMicros = sample.sampledAtMicros - log.lastAtMicros;
        entry.putSigned(log.format == EntryLog.STEADY ? sinceMicros - log.lastStepMicros : sinceMicros);
        if ((same & SAME_EPOCH) == 0) {
            entry.putSigned(sample.epoch - log.lastEpoch);
        }
        if ((same & SAME_HOST) == 0) {
            entry.putInt(sampleHost);
        }
        if (hasBusy(signs)) {
            putBusy(entry, log, sample.busyRatio);
        }
        if (hasInterval(signs)) {
            // The interval is about the time since the sample before.
            entry.putSigned(
                    log.format == EntryLog.STEADY
                            ? intervalMicros(sample.intervalNanos) - sinceMicros
                            : sample.intervalNanos - sinceMicros * NANOS_PER_MICRO);
        }
        if (hasElapsed(signs)) {
            putElapsed(entry, log, sample);
        }
    }

    /** It is below a quarter, so that the steps take 16 bits. */
    private static void putBusy(PackedWriter entry, EntryLog log, double busyRatio) {
        int steps = (int) (busyRatio * BUSY_STEPS);
        if (log.format != EntryLog.STEADY) {
            steps <<= FINER_BITS;
        }
        entry.putByte(steps);
        entry.putByte(steps >> 8);
        if (log.format != EntryLog.STEADY) {
            entry.putByte(steps >> 16);
        }
    }

    /** Appends to {@code log} the entry of {@code sample} that was written as one to be appended there. */
    void append(PackedWriter entry, EntryLog log, SampleView sample, int sampleHost) {
        log.append(entry, sample.sampledAtMicros, sample.epoch, sampleHost);
        if (hasElapsed(signs(sample))) {
            log.lastResumeMicros = resumeMicros(sample);
        }
    }

    private static void putElapsed(PackedWriter entry, EntryLog log, SampleView sample) {
        if (log.format == EntryLog.STEADY) {
            long expectedMicros = expectedResumeMicros(log.lastResumeMicros, sample.sampledAtMicros);
            entry.putSigned(resumeMicros(sample) - expectedMicros);
        } else {
            entry.putUnsigned(sample.elapsedNanos);
        }
    }

    /** The nearest whole number of microseconds that is a number of nanoseconds, too. */
    static long micros(long nanos) {
        long half = nanos % NANOS_PER_MICRO >= NANOS_PER_MICRO / 2 ? 1 : 0;
        return Math.min(Long.MAX_VALUE / NANOS_PER_MICRO, nanos / NANOS_PER_MICRO + half);
    }

    /** The same of an interval, which is never 0. */
    static long intervalMicros(long intervalNanos) {
        return Math.max(1, micros(intervalNanos));
    }

    private static long resumeMicros(SampleView sample) {
        // Absurd numbers wrap around here, and back again when they are read.
        return sample.sampledAtMicros - micros(sample.elapsedNanos);
    }

    /** Where no entry has told of a resume, the moment of the sample itself. */
    private static long expectedResumeMicros(long lastResumeMicros, long atMicros) {
        return lastResumeMicros == 0 ? atMicros : lastResumeMicros;
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
        steady = log.format == EntryLog.STEADY;
        entriesRead = 0;
        host = 0;
        atMicros = 0;
        stepMicros = 0;
        resumeMicros = 0;
        epoch = 0;
    }

    /** Reads the next entry into this; false at the end. */
    boolean next() {
        if (!reader.hasNext()) {
            return false;
        }
        flags = reader.nextByte();
        long sinceMicros = reader.nextSigned() + (steady ? stepMicros : 0);
        stepMicros = entriesRead == 0 ? 0 : sinceMicros;
        entriesRead++;
        atMicros += sinceMicros;
        epoch += has(SAME_EPOCH) ? 0 : reader.nextSigned();
        host = has(SAME_HOST) ? host : reader.nextInt();
        busySteps = hasBusy(flags) ? nextBusySteps() : BUSY_STEPS - 1;
        intervalNanos = hasInterval(flags) ? nextIntervalNanos(sinceMicros) : 1;
        elapsedNanos = hasElapsed(flags) ? nextElapsedNanos() : Long.MAX_VALUE;
        return true;
    }

    private int nextBusySteps() {
        int steps = reader.nextByte() | reader.nextByte() << 8;
        return steady ? steps : (steps | reader.nextByte() << 16) >> FINER_BITS;
    }

    private long nextIntervalNanos(long sinceMicros) {
        long more = reader.nextSigned();
        return steady ? (more + sinceMicros) * NANOS_PER_MICRO : more + sinceMicros * NANOS_PER_MICRO;
    }

    private long nextElapsedNanos() {
        if (!steady) {
            return reader.nextUnsigned();
        }
        resumeMicros = expectedResumeMicros(resumeMicros, atMicros) + reader.nextSigned();
        return (atMicros - resumeMicros) * NANOS_PER_MICRO;
    }

    /** Puts the entry that was read into {@code table}. */
    void addTo(SampleTable table) {
        table.add(atMicros, host, epoch, flags, busySteps, intervalNanos, elapsedNanos);
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

    /** The middle of the step; of a share that is not kept, the highest. */
    static double busyRatio(SampleTable table, int row) {
        return (table.busySteps(row) + 0.5) / BUSY_STEPS;
    }

    private static int signs(SampleView sample) {
        return (IdleSlotDetector.counts(sample, IdleRule.DEFAULT) ? COUNTS : 0)
                | (VacantThreshold.isVacant(sample) ? VACANT : 0)
                | (sample.txPackets == 0 ? QUIET : 0)
                | (sample.diskInFlight == 0 && sample.openPackets > 0 ? READY : 0)
                | (sample.requestsPending > 0 ? PENDING : 0)
                | (sample.busyRatio < VacantThreshold.CAP_RATIO ? LOW : 0);
    }

    private static boolean hasBusy(int signs) {
        return (signs & LOW) != 0 && (signs & (COUNTS | VACANT)) != 0;
    }

    private static boolean hasInterval(int signs) {
        return (signs & COUNTS) != 0 && (signs & (QUIET | LOW)) != 0;
    }

    private static boolean hasElapsed(int signs) {
        int slot = COUNTS | QUIET | READY | LOW;
        return (signs & slot) == slot;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
