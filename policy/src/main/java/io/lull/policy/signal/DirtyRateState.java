package io.lull.policy.signal;

/** What {@link DirtyRates} has learned. A class with public fields, because Flink keeps it as state. */
public final class DirtyRateState {
    /** Dirty pages per second of each vCPU; 0 from {@link #vcpus} on. */
    public double[] pagesPerSecond = new double[SampleView.MAX_VCPUS];

    /** The sum over the vCPUs. */
    public double totalPagesPerSecond;

    /** How many vCPUs the last counted sample had; 0 before the first one. */
    public int vcpus;

    /** How much of the weight of an endless series has been seen, 0..1. */
    public double weightRatio;
}
