package io.lull.job.metrics;

import io.lull.policy.signal.DirtyCurveState;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VmSample;
import org.jspecify.annotations.Nullable;

/**
 * Tumbling windows of 100 ms, 1 s and 10 s over each VM's event time, from shared panes of 100 ms. One ring serves all
 * VMs: it is handed the state of the one at hand, which it brings up to date in place.
 *
 * <p>Records go into open panes. Closing a pane emits it as the 100 ms window and adds it to the open second; closing a
 * second adds it to the open ten seconds. So a record is added once, and what is kept does not grow with the window.
 * Windows in which nothing happened are not emitted.
 *
 * <p>A record is late when the watermark has passed the end of its pane. What windows hold therefore follows from the
 * records and from the watermark at which each came, and not from when panes are closed: with the VM's next record, or
 * by a timer.
 *
 * <p>Two limits close the oldest panes in a hurry, watermark or not, when another partition lags so far behind that
 * waiting for it would cost too much memory: {@link #PANES}, and {@link #LOG_BYTES} for the entries of the open panes.
 * A record that does not fit even then is refused.
 */
final class PaneRing {
    static final long PANE_MILLIS = 100;
    static final long SECOND_MILLIS = 1000;
    static final long TEN_SECONDS_MILLIS = 10_000;

    /** Length of the ring: 0.8 s of records that are ahead of the watermark; a power of two. */
    static final int PANES = 8;

    /** The open panes' entries in all, bytes: some 500 samples. */
    static final int LOG_BYTES = 3072;

    private static final byte[] NOTHING = {};
    private static final long RING_MILLIS = PANES * PANE_MILLIS;

    /** No record is older; a watermark may be, before the first record. */
    private static final long LEAST_MILLIS = -TEN_SECONDS_MILLIS;

    private final Windows windows;
    private final PackedWriter entry = new PackedWriter();
    private final SampleEntries samples = new SampleEntries();
    private final ReportEntries reports = new ReportEntries();
    private final SlotFinder slots = new SlotFinder(samples);
    private final PanePacker packer = new PanePacker();
    private final SampleView view = new SampleView();
    private long watermarkMillis;

    /** End of the last pane that the watermark has passed. */
    private long closableMillis;

    private long hurriedPanes;
    private boolean opened;

    /** Takes windows as they close, in order of their ends; keeps nothing of what it is handed. */
    interface Windows {
        void closed(long startMillis, long lengthMillis, Pane sums, DirtyCurveState curve);
    }

    /** What became of a record. */
    enum Admission {
        TAKEN,
        /** Its windows are out. */
        LATE,
        /** It has been taken before. */
        REPEATED,
        /** There are more records in a pane than the ring has room for. */
        CROWDED
    }

    PaneRing(Windows windows) {
        this.windows = windows;
        follow(Long.MIN_VALUE);
    }

    Admission add(MetricsState state, long eventMillis, VmSample sample, long watermarkNowMillis) {
        advance(state, eventMillis, watermarkNowMillis);
        if (eventMillis < state.closedMillis) {
            return Admission.LATE;
        }
        int host = sample.hostId().hashCode();
        for (@Nullable OpenPane open : state.ring) {
            if (open != null
                    && open.samples.reaches(sample.sampledAtMicros())
                    && samples.contains(open.samples, sample.sampledAtMicros(), host)) {
                return Admission.REPEATED;
            }
        }
        view.load(sample);
        OpenPane open = openAt(state, eventMillis);
        samples.write(entry, open.samples, view, host);
        if (!makeRoom(state, eventMillis)) {
            return Admission.CROWDED;
        }
        open.samples.append(entry, sample.sampledAtMicros(), sample.epoch(), host);
        if (paneStart(eventMillis) == state.newestStartMillis) {
            state.newest.add(sample, view);
        } else {
            Pane sums = packer.unpack(open.sums);
            sums.add(sample, view);
            open.sums = packer.pack(sums);
        }
        state.latestMillis = Math.max(state.latestMillis, eventMillis);
        return Admission.TAKEN;
    }

    Admission add(MetricsState state, long eventMillis, EpochReport report, long watermarkNowMillis) {
        advance(state, eventMillis, watermarkNowMillis);
        if (eventMillis < state.closedMillis) {
            return Admission.LATE;
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
        if (!makeRoom(state, eventMillis)) {
            return Admission.CROWDED;
        }
        open.reports.append(entry, report.endedAtMicros(), report.epoch(), host);
        if (paneStart(eventMillis) == state.newestStartMillis) {
            state.newest.add(report);
        } else {
            Pane sums = packer.unpack(open.sums);
            sums.add(report);
            open.sums = packer.pack(sums);
        }
        state.latestMillis = Math.max(state.latestMillis, eventMillis);
        return Admission.TAKEN;
    }

    /** Closes all that the watermark has passed. */
    void advanceTo(MetricsState state, long watermarkNowMillis) {
        follow(watermarkNowMillis);
        closeUntil(state, closableMillis);
    }

    /** When the earliest of the open windows ends; {@link Long#MAX_VALUE} when none is open. */
    long nextEndMillis(MetricsState state) {
        long endMillis = nextPaneEndMillis(state);
        if (state.second.length > 0) {
            endMillis = Math.min(endMillis, endOf(state.closedMillis, SECOND_MILLIS));
        }
        if (state.tenSeconds.length > 0) {
            endMillis = Math.min(endMillis, endOf(state.closedMillis, TEN_SECONDS_MILLIS));
        }
        return endMillis;
    }

    private static long nextPaneEndMillis(MetricsState state) {
        int first = slot(state.closedMillis);
        for (int i = 0; i < PANES; i++) {
            if (state.ring[first + i & PANES - 1] != null) {
                return state.closedMillis + (i + 1) * PANE_MILLIS;
            }
        }
        return Long.MAX_VALUE;
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

    /** Closes what the watermark has passed, and what must go so that the ring has a place for a record of this time. */
    private void advance(MetricsState state, long eventMillis, long watermarkNowMillis) {
        follow(watermarkNowMillis);
        long untilMillis = Math.max(paneStart(eventMillis) + PANE_MILLIS - RING_MILLIS, closableMillis);
        if (!state.started) {
            state.started = true;
            state.closedMillis = untilMillis;
            state.newestStartMillis = untilMillis - PANE_MILLIS;
            state.latestMillis = eventMillis;
        }
        if (untilMillis > state.closedMillis) {
            closeUntil(state, untilMillis);
        }
    }

    /** Closes the oldest panes until the entry that was written fits; false when only the record's own pane is left. */
    private boolean makeRoom(MetricsState state, long eventMillis) {
        while (logBytes(state) + entry.length() > LOG_BYTES) {
            long oldestEndMillis = nextPaneEndMillis(state);
            if (oldestEndMillis > eventMillis) {
                return false;
            }
            closeUntil(state, oldestEndMillis);
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

    private void closeUntil(MetricsState state, long untilMillis) {
        long endMillis = nextEndMillis(state);
        while (endMillis <= untilMillis) {
            // What lies between is empty.
            state.closedMillis = endMillis - PANE_MILLIS;
            closeOne(state);
            endMillis = nextEndMillis(state);
        }
        state.closedMillis = Math.max(state.closedMillis, untilMillis);
    }

    private void closeOne(MetricsState state) {
        long startMillis = state.closedMillis;
        long endMillis = startMillis + PANE_MILLIS;
        @Nullable OpenPane open = state.ring[slot(startMillis)];
        if (open != null) {
            state.ring[slot(startMillis)] = null;
            closePane(state, startMillis, open);
        }
        if (endMillis % SECOND_MILLIS == 0 && state.second.length > 0) {
            Pane second = packer.unpack(state.second);
            windows.closed(endMillis - SECOND_MILLIS, SECOND_MILLIS, second, state.curve);
            state.tenSeconds = added(state.tenSeconds, second);
            state.second = NOTHING;
        }
        if (endMillis % TEN_SECONDS_MILLIS == 0 && state.tenSeconds.length > 0) {
            Pane tenSeconds = packer.unpack(state.tenSeconds);
            windows.closed(endMillis - TEN_SECONDS_MILLIS, TEN_SECONDS_MILLIS, tenSeconds, state.curve);
            state.tenSeconds = NOTHING;
        }
        state.closedMillis = endMillis;
    }

    private void closePane(MetricsState state, long startMillis, OpenPane open) {
        Pane sums = state.newest;
        if (startMillis == state.newestStartMillis) {
            state.newest = new Pane();
        } else {
            sums = packer.unpack(open.sums);
        }
        if (sums.isEmpty()) {
            return;
        }
        hurriedPanes += startMillis + PANE_MILLIS > closableMillis ? 1 : 0;
        slots.find(state.slots, sums, open.samples);
        reports.teach(state.curve, open.reports);
        windows.closed(startMillis, PANE_MILLIS, sums, state.curve);
        state.second = added(state.second, sums);
    }

    private byte[] added(byte[] packed, Pane more) {
        if (packed.length == 0) {
            return packer.pack(more);
        }
        Pane sums = packer.unpack(packed);
        sums.add(more);
        return packer.pack(sums);
    }

    private void follow(long watermarkNowMillis) {
        if (watermarkNowMillis != watermarkMillis) {
            watermarkMillis = watermarkNowMillis;
            long passedMillis = Math.min(Long.MAX_VALUE - 1, Math.max(LEAST_MILLIS, watermarkNowMillis));
            closableMillis = paneStart(passedMillis + 1);
        }
    }

    /** When the window of this length ends in which the moment before {@code closedMillis} lies. */
    private static long endOf(long closedMillis, long lengthMillis) {
        return Math.floorDiv(closedMillis - 1, lengthMillis) * lengthMillis + lengthMillis;
    }

    /** The pane of this time; when it is a newer one, the one that was newest is packed. */
    private OpenPane openAt(MetricsState state, long eventMillis) {
        int slot = slot(eventMillis);
        @Nullable OpenPane open = state.ring[slot];
        if (open != null) {
            return open;
        }
        open = new OpenPane();
        state.ring[slot] = open;
        opened = true;
        long startMillis = paneStart(eventMillis);
        if (startMillis > state.newestStartMillis) {
            @Nullable OpenPane before = state.ring[slot(state.newestStartMillis)];
            if (before != null && !state.newest.isEmpty()) {
                before.sums = packer.pack(state.newest);
            }
            state.newest = new Pane();
            state.newestStartMillis = startMillis;
        }
        return open;
    }

    private static long paneStart(long eventMillis) {
        return Math.floorDiv(eventMillis, PANE_MILLIS) * PANE_MILLIS;
    }

    private static int slot(long eventMillis) {
        return (int) Math.floorDiv(eventMillis, PANE_MILLIS) & PANES - 1;
    }
}
