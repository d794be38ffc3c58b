package io.lull.job.metrics;

import io.lull.policy.IdleRule;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.IdleVerdict;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VmSample;
import io.lull.policy.signal.WindowMetrics;
import java.util.ArrayList;
import java.util.List;

/**
 * Tumbling windows of 100 ms, 1 s and 10 s over one VM's event time, from shared panes of 100 ms.
 *
 * <p>Records go into a ring of open panes. Closing a pane emits it as the 100 ms window and adds it to the open
 * second; closing a second adds it to the open ten seconds. So a record is added once, and what is kept does not grow
 * with the window. Windows in which nothing happened are not emitted.
 *
 * <p>A record that is further ahead than the ring is long closes the oldest panes, watermark or not: then another
 * partition lags so far behind that waiting for it would lose this one's records.
 */
final class PaneRing {
    static final long PANE_MILLIS = 100;
    static final long SECOND_MILLIS = 1000;
    static final long TEN_SECONDS_MILLIS = 10_000;

    /** Length of the ring: 3.2 s of records that are ahead of the watermark. */
    static final int PANES = 32;

    private static final long RING_MILLIS = PANES * PANE_MILLIS;

    /** After so much event time nothing older is open, however long the gap. */
    private static final long LONGEST_OPEN_MILLIS = RING_MILLIS + TEN_SECONDS_MILLIS;

    private final VmId vm;
    private final MetricsState state;

    /** The windows of {@code vm} on {@code state}, which is brought up to date in place. */
    PaneRing(VmId vm, MetricsState state) {
        this.vm = vm;
        this.state = state;
    }

    static long paneStart(long eventMillis) {
        return Math.floorDiv(eventMillis, PANE_MILLIS) * PANE_MILLIS;
    }

    /** Makes room for a record of this time and closes all before {@code watermarkMillis}; returns what that emits. */
    List<WindowMetrics> advanceTo(long eventMillis, long watermarkMillis) {
        long oldestRoomMillis = paneStart(eventMillis) + PANE_MILLIS - RING_MILLIS;
        long untilMillis = paneStart(Math.max(oldestRoomMillis, watermarkMillis));
        if (!state.started) {
            state.started = true;
            state.closedMillis = untilMillis;
        }
        return closeUntil(untilMillis);
    }

    boolean isLate(long eventMillis) {
        return eventMillis < state.closedMillis;
    }

    /** Adds a sample; {@code view} is room to read it in. */
    void add(long eventMillis, VmSample sample, SampleView view) {
        boolean wasIdle = state.idle.verdict != IdleVerdict.NONE && state.idle.epoch == sample.epoch();
        IdleSlotDetector.update(state.idle, view.load(sample), IdleRule.DEFAULT);
        boolean idle = state.idle.verdict != IdleVerdict.NONE;
        paneAt(eventMillis).add(sample, idle, idle && !wasIdle);
    }

    void add(long eventMillis, EpochReport report) {
        paneAt(eventMillis).add(report);
    }

    /** Closes all panes that end by {@code untilMillis}; returns the windows that end by then. */
    List<WindowMetrics> closeUntil(long untilMillis) {
        List<WindowMetrics> windows = new ArrayList<>();
        long lastOpenMillis = Math.min(untilMillis, state.closedMillis + LONGEST_OPEN_MILLIS);
        while (state.closedMillis < lastOpenMillis) {
            closeOne(windows);
        }
        state.closedMillis = Math.max(state.closedMillis, untilMillis);
        return windows;
    }

    private void closeOne(List<WindowMetrics> windows) {
        long startMillis = state.closedMillis;
        long endMillis = startMillis + PANE_MILLIS;
        int slot = slot(startMillis);
        Pane pane = state.ring[slot];
        if (!pane.isEmpty()) {
            windows.add(pane.toMetrics(vm, startMillis, PANE_MILLIS));
            state.second.add(pane);
            state.ring[slot] = new Pane();
        }
        if (endMillis % SECOND_MILLIS == 0 && !state.second.isEmpty()) {
            windows.add(state.second.toMetrics(vm, endMillis - SECOND_MILLIS, SECOND_MILLIS));
            state.tenSeconds.add(state.second);
            state.second = new Pane();
        }
        if (endMillis % TEN_SECONDS_MILLIS == 0 && !state.tenSeconds.isEmpty()) {
            windows.add(state.tenSeconds.toMetrics(vm, endMillis - TEN_SECONDS_MILLIS, TEN_SECONDS_MILLIS));
            state.tenSeconds = new Pane();
        }
        state.closedMillis = endMillis;
    }

    private Pane paneAt(long eventMillis) {
        return state.ring[slot(eventMillis)];
    }

    private static int slot(long eventMillis) {
        return (int) Math.floorMod(Math.floorDiv(eventMillis, PANE_MILLIS), (long) PANES);
    }
}
