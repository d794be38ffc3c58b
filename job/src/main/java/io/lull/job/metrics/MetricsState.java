package io.lull.job.metrics;

import io.lull.policy.signal.IdleState;

/** What {@link PaneRing} remembers of a VM; kept by Flink. */
public final class MetricsState {
    /** Whether anything came yet; before that the rest means nothing. */
    public boolean started;

    /** All event time before this is closed: its windows are out, and what comes for it is late. */
    public long closedMillis;

    /** The open panes; the one that begins at t stands at index (t / pane length) modulo the ring's length. */
    public Pane[] ring = emptyRing();

    /** The closed panes of the open second. */
    public Pane second = new Pane();

    /** The closed seconds of the open ten seconds. */
    public Pane tenSeconds = new Pane();

    /** What the detector makes of the samples so far. */
    public IdleState idle = new IdleState();

    private static Pane[] emptyRing() {
        Pane[] ring = new Pane[PaneRing.PANES];
        for (int i = 0; i < ring.length; i++) {
            ring[i] = new Pane();
        }
        return ring;
    }
}
