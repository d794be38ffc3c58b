package io.lull.job.metrics;

import io.lull.policy.signal.DirtyCurveState;
import org.jspecify.annotations.Nullable;

/** What {@link PaneRing} remembers of a VM; kept by Flink. */
public final class MetricsState {
    /** In the place of {@link #logBytes}. */
    static final int UNCOUNTED = -1;

    /** Whether anything came yet; before that the rest means nothing. */
    public boolean started;

    /** All event time before this is closed: its windows are out, and what comes for it is late. */
    public long closedMillis;

    /** Event time of the newest sample; of the first record until a sample comes. */
    public long latestMillis;

    /** What time it was by {@link StreamTime} when the last sample came. */
    public long heardMillis;

    /** When the subtask was started to which that sample came. */
    public long listeningSinceMillis;

    /** The open panes; the one that begins at t stands at index (t / pane length) modulo the ring's length. */
    public @Nullable OpenPane[] ring = new OpenPane[RollUp.PANES];

    /**
     * No sample of an open pane is later than this: one that is has not come before. {@link Long#MAX_VALUE} where nothing is
     * known, as in what an earlier version kept.
     */
    public long noneAfterMicros = Long.MAX_VALUE;

    /** The entries of the open panes in all, bytes; {@link #UNCOUNTED} where they must be counted. */
    public int logBytes = UNCOUNTED;

    /** The sums of the newest open pane, which most records are for; empty where none is open. */
    public Pane newest = new Pane();

    /** When that pane begins. */
    public long newestStartMillis;

    /** The closed panes of the open second, packed; empty without one. */
    public byte[] second = {};

    /** The closed seconds of the open ten seconds, packed; empty without one. */
    public byte[] tenSeconds = {};

    /** What goes on from pane to pane of idle slots. */
    public SlotState slots = new SlotState();

    /** How dirty pages grow with the epoch, from all reports of closed panes. */
    public DirtyCurveState curve = new DirtyCurveState();

    /** Whether a timer is registered, and for when. */
    public boolean armed;

    public long armedMillis;
}
