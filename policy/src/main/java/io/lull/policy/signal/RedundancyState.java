package io.lull.policy.signal;

/** What {@link Redundancy} has learned: faded sums. A class with public fields, because Flink keeps it as state. */
public final class RedundancyState {
    public double dirtyPages;
    public double unchangedPages;
    public double zeroPages;
    public double writtenBytes;
    public double deltaBytes;
    public double shippedBytes;
}
