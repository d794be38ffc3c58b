package io.lull.job.metrics;

import io.lull.job.state.PackedWriter;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VmSample;
import org.jspecify.annotations.Nullable;

/**
 * Tumbling windows of 100 ms, 1 s and 10 s over each VM's event time, from shared panes of 100 ms. One ring serves all
 * VMs: it is handed the state of the one at hand, which it brings up to date in place.
 *
 * <p>A record goes into one open pane, unless it has been there before; {@link RollUp} closes panes and makes longer
 * windows of them. So a record is added once, and what is kept does not grow with the window. Windows in which nothing
 * happened are not emitted.
 *
 * <p>A record is late when its pane is closed by its VM's own time ({@link VmTime}). What windows hold therefore follows
 * from the VM's records, their order, and how long it was silent, and not from when panes are closed: with the VM's next
 * record, or by a timer. (A restart forgets a silence on which no timer has acted.)
 *
 * <p>Reports do not move a VM's time: while a backlog is worked off they may come long before the samples of the same
 * moment. Those for which the ring has no place yet are refused.
 *
 * <p>{@link #LOG_BYTES} limits the entries of the open panes: beyond it the oldest are closed in a hurry, and a record that
 * does not fit even then is refused.
 */
final class PaneRing {
    /** The open panes' entries in all, bytes: some 400 samples. */
    static final int LOG_BYTES = 2048;

    private static final long RING_MILLIS = RollUp.PANES * RollUp.PANE_MILLIS;

    private final PackedWriter entry = new PackedWriter();
    private final SampleEntries samples = new SampleEntries();
    private final ReportEntries reports = new ReportEntries();
    private final PanePacker packer = new PanePacker();
    private final RollUp rollUp;
    private final SampleView view = new SampleView();
    private long hurriedPanes;
    private boolean opened;

    /** What became of a record. */
    enum Admission {
        TAKEN,
        /** Its windows are out. */
        LATE,
        /** A report that is so far ahead of its VM's samples that there is no pane for it. */
        EARLY,
        /** It has been taken before. */
        REPEATED,
        /** There are more records in a pane than the ring has room for. */
        CROWDED
    }

    PaneRing(RollUp.Windows windows) {
        rollUp = new RollUp(windows, packer, new SlotFinder(samples), reports);
    }

    Admission add(MetricsState state, long eventMillis, VmSample sample, StreamTime now) {
        advance(state, eventMillis, now);
        VmTime.heard(state, eventMillis, now);
        advanceTo(state, now);
        if (eventMillis < state.closedMillis) {
            return Admission.LATE;
        }
        int host = sample.hostId().hashCode();
        if (isRepeated(state, sample.sampledAtMicros(), host)) {
            return Admission.REPEATED;
        }
        view.load(sample);
        OpenPane open = openAt(state, eventMillis);
        samples.write(entry, open.samples, view, host);
        if (!makeRoom(state, eventMillis, now)) {
            return Admission.CROWDED;
        }
        samples.append(entry, open.samples, view, host);
        state.noneAfterMicros = Math.max(state.noneAfterMicros, sample.sampledAtMicros());
        state.logBytes += entry.length();
        Pane sums = sumsOf(state, open, eventMillis);
        sums.add(sample, view);
        keep(state, open, sums);
        return Admission.TAKEN;
    }

    Admission add(MetricsState state, long eventMillis, EpochReport report, StreamTime now) {
        advance(state, eventMillis, now);
        if (eventMillis < state.closedMillis) {
            return Admission.LATE;
        }
        if (RollUp.paneStart(eventMillis) + RollUp.PANE_MILLIS - RING_MILLIS > state.closedMillis) {
            return Admission.EARLY;
        }
        int host = report.hostId().hashCode();
        for (@Nullable OpenPane open : state.ring) {
            if (open != null
                    && open.reports.reaches(report.endedAtMicros())
                    && reports.contains(open.reports, report, host)) {
                return Admission.REPEATED;
            }
        }
        OpenPane open = openAt(state, eventMillis);
        reports.write(entry, open.reports, report, host);
        if (!makeRoom(state, eventMillis, now)) {
            return Admission.CROWDED;
        }
        open.reports.append(entry, report.endedAtMicros(), report.epoch(), host);
        state.logBytes += entry.length();
        Pane sums = sumsOf(state, open, eventMillis);
        sums.add(report);
        keep(state, open, sums);
        return Admission.TAKEN;
    }

    /**
     * Whether an open pane has a sample of this moment and host. Most samples are later than all of them, and the panes,
     * which are far apart in memory, are not looked at.
     */
    private boolean isRepeated(MetricsState state, long atMicros, int host) {
        if (atMicros > state.noneAfterMicros) {
            return false;
        }
        long latestMicros = Long.MIN_VALUE;
        for (@Nullable OpenPane open : state.ring) {
            if (open == null) {
                continue;
            }
            if (open.samples.reaches(atMicros) && samples.contains(open.samples, atMicros, host)) {
                return true;
            }
            latestMicros = Math.max(latestMicros, open.samples.latestMicros);
        }
        state.noneAfterMicros = latestMicros;
        return false;
    }

    /** Closes all that the VM's time has passed. */
    void advanceTo(MetricsState state, StreamTime now) {
        long closableMillis = VmTime.closableMillis(state, now);
        if (closableMillis > state.closedMillis) {
            close(state, closableMillis, closableMillis);
        }
    }

    /** Whether a pane was opened since this was asked last. */
    boolean hasOpened() {
        boolean was = opened;
        opened = false;
        return was;
    }

    /** How many panes were closed in a hurry since this was asked last. */
    long takeHurriedPanes() {
        long hurried = hurriedPanes;
        hurriedPanes = 0;
        return hurried;
    }

    private void advance(MetricsState state, long eventMillis, StreamTime now) {
        if (state.started) {
            advanceTo(state, now);
        } else {
            VmTime.begin(state, eventMillis, now);
        }
    }

    /** Closes the oldest panes until the entry that was written fits; false when only the record's own pane is left. */
    private boolean makeRoom(MetricsState state, long eventMillis, StreamTime now) {
        if (state.logBytes == MetricsState.UNCOUNTED) {
            state.logBytes = logBytes(state);
        }
        while (state.logBytes + entry.length() > LOG_BYTES) {
            long oldestEndMillis = RollUp.nextPaneEndMillis(state);
            if (oldestEndMillis > eventMillis) {
                return false;
            }
            close(state, oldestEndMillis, VmTime.closableMillis(state, now));
            state.logBytes = logBytes(state);
        }
        return true;
    }

    private static int logBytes(MetricsState state) {
        int bytes = 0;
        for (@Nullable OpenPane open : state.ring) {
            bytes += open == null ? 0 : open.logBytes();
        }
        return bytes;
    }

    private void close(MetricsState state, long untilMillis, long closableMillis) {
        hurriedPanes += rollUp.closeUntil(state, untilMillis, closableMillis);
    }

    /** The pane of this time; when it is a newer one, the one that was newest is packed. */
    private OpenPane openAt(MetricsState state, long eventMillis) {
        int slot = RollUp.slot(eventMillis);
        @Nullable OpenPane open = state.ring[slot];
        if (open != null) {
            return open;
        }
        open = OpenPane.begun();
        state.ring[slot] = open;
        opened = true;
        long startMillis = RollUp.paneStart(eventMillis);
        if (startMillis > state.newestStartMillis) {
            @Nullable OpenPane before = state.ring[RollUp.slot(state.newestStartMillis)];
            if (before != null && !state.newest.isEmpty()) {
                before.sums = packer.pack(state.newest);
                before.samples.trim();
                before.reports.trim();
            }
            state.newest = new Pane();
            state.newestStartMillis = startMillis;
        }
        return open;
    }

    /** The sums of a pane: those of the newest stand open, others are unpacked. */
    private Pane sumsOf(MetricsState state, OpenPane open, long eventMillis) {
        boolean isNewest = RollUp.paneStart(eventMillis) == state.newestStartMillis;
        return isNewest ? state.newest : packer.unpack(open.sums);
    }

    private void keep(MetricsState state, OpenPane open, Pane sums) {
        if (sums != state.newest) {
            open.sums = packer.pack(sums);
        }
    }
}
