package io.lull.policy.signal;

/** What {@link LinkRate} has learned. A class with public fields, because Flink keeps it as state. */
public final class LinkState {
    /** Bytes per second of the ships, weighted by how well they filled the link. */
    public QuantileState shipped = QuantileSketch.ofBytesPerSecond();

    /** What the probes measured; mean bytes per second. */
    public EwmaState measured = new EwmaState();
}
