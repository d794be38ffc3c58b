package io.lull.job.metrics;

import io.lull.policy.signal.DirtyCurveState;
import org.jspecify.annotations.Nullable;

/**
 * Closes panes, and rolls them up: a pane that closes is emitted as the 100 ms window and added to the open second; a
 * second that closes is emitted and added to the open ten seconds. Idle slots and the dirty curve are worked out as a
 * pane closes, from its records in order, however they came. One roll-up serves all VMs: it is handed the state of the
 * one at hand, which it brings up to date in place.
 */
final class RollUp {
    static final long PANE_MILLIS = 100;
    static final long SECOND_MILLIS = 1000;
    static final long TEN_SECONDS_MILLIS = 10_000;

    /** How many panes may be open: what is late, what is early, and those between; a power of two. */
    static final int PANES = 8;

    private static final byte[] NOTHING = {};

    private final Windows windows;
    private final PanePacker packer;
    private final SlotFinder slots;
    private final ReportEntries reports;

    /** Takes windows as they close, in order of their ends; keeps nothing of what it is handed. */
    interface Windows {
        void closed(long startMillis, long lengthMillis, Pane sums, DirtyCurveState curve);
    }

    RollUp(Windows windows, PanePacker packer, SlotFinder slots, ReportEntries reports) {
        this.windows = windows;
        this.packer = packer;
        this.slots = slots;
        this.reports = reports;
    }

    static long paneStart(long eventMillis) {
        return Math.floorDiv(eventMillis, PANE_MILLIS) * PANE_MILLIS;
    }

    /** Where in the ring the pane of this time stands. */
    static int slot(long eventMillis) {
        return (int) Math.floorDiv(eventMillis, PANE_MILLIS) & PANES - 1;
    }

    /** When the earliest of the open windows ends; {@link Long#MAX_VALUE} when none is open. */
    static long nextEndMillis(MetricsState state) {
        long endMillis = nextPaneEndMillis(state);
        if (state.second.length > 0) {
            endMillis = Math.min(endMillis, endOf(state.closedMillis, SECOND_MILLIS));
        }
        if (state.tenSeconds.length > 0) {
            endMillis = Math.min(endMillis, endOf(state.closedMillis, TEN_SECONDS_MILLIS));
        }
        return endMillis;
    }

    /** When the earliest of the open panes ends; {@link Long#MAX_VALUE} when none is open. */
    static long nextPaneEndMillis(MetricsState state) {
        int first = slot(state.closedMillis);
        for (int i = 0; i < PANES; i++) {
            if (state.ring[first + i & PANES - 1] != null) {
                return state.closedMillis + (i + 1) * PANE_MILLIS;
            }
        }
        return Long.MAX_VALUE;
    }

    /** Closes what ends by {@code untilMillis}; returns how many panes that end after {@code closableMillis} it closed. */
    int closeUntil(MetricsState state, long untilMillis, long closableMillis) {
        int hurriedPanes = 0;
        long endMillis = nextEndMillis(state);
        while (endMillis <= untilMillis) {
            // What lies between is empty.
            state.closedMillis = endMillis - PANE_MILLIS;
            boolean pane = closePane(state);
            hurriedPanes += pane && endMillis > closableMillis ? 1 : 0;
            closeLonger(state, endMillis);
            state.closedMillis = endMillis;
            endMillis = nextEndMillis(state);
        }
        state.closedMillis = Math.max(state.closedMillis, untilMillis);
        return hurriedPanes;
    }

    /** Closes the pane that begins where all is closed so far; false when there is nothing in it. */
    private boolean closePane(MetricsState state) {
        long startMillis = state.closedMillis;
        int slot = slot(startMillis);
        @Nullable OpenPane open = state.ring[slot];
        if (open == null) {
            return false;
        }
        state.ring[slot] = null;
        state.logBytes = MetricsState.UNCOUNTED;
        Pane sums = state.newest;
        if (startMillis == state.newestStartMillis) {
            state.newest = new Pane();
        } else {
            sums = packer.unpack(open.sums);
        }
        if (sums.isEmpty()) {
            return false;
        }
        slots.find(state.slots, sums, open.samples);
        reports.teach(state.curve, open.reports);
        windows.closed(startMillis, PANE_MILLIS, sums, state.curve);
        state.second = added(state.second, sums);
        return true;
    }

    private void closeLonger(MetricsState state, long endMillis) {
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
    }

    private byte[] added(byte[] packed, Pane more) {
        if (packed.length == 0) {
            return packer.pack(more);
        }
        Pane sums = packer.unpack(packed);
        sums.add(more);
        return packer.pack(sums);
    }

    /** When the window of this length ends in which the moment before {@code closedMillis} lies. */
    private static long endOf(long closedMillis, long lengthMillis) {
        return Math.floorDiv(closedMillis - 1, lengthMillis) * lengthMillis + lengthMillis;
    }
}
