package io.lull.policy.signal;

/**
 * Estimates how many pages a second each vCPU dirties, and how evenly they share the dirtying.
 *
 * <pre>
 * rate(i)   = Ewma(dirty pages of vCPU i / interval)
 * total     = Σ rate(i)
 * imbalance = max rate(i) / (total / vCPUs)
 * </pre>
 *
 * <p>Imbalance is 1 when all vCPUs dirty alike and equals the number of vCPUs when one dirties all; 1 also when none
 * dirties anything. Regimes: a sample without dirty pages ({@code dirtyKnown} false) changes nothing; a vCPU that is
 * added starts at 0, one that is taken away is forgotten at once. Unit: pages per second. The first
 * {@link SampleView#MAX_VCPUS} vCPUs are looked at.
 */
public final class DirtyRates {
    private static final double NANOS_PER_SECOND = 1e9;

    private DirtyRates() {}

    /** Takes up {@code sample} with a memory of {@code tauNanos}. */
    public static void update(DirtyRateState state, SampleView sample, long tauNanos) {
        if (!sample.dirtyKnown || sample.vcpus <= 0) {
            return;
        }
        int vcpus = Math.min(SampleView.MAX_VCPUS, sample.vcpus);
        long interval = Math.max(1, sample.intervalNanos);
        double gain = Ewma.gainRatio(interval, tauNanos);
        state.weightRatio = Math.min(1, state.weightRatio * (1 - gain) + gain);
        double step = gain / state.weightRatio;
        double total = 0;
        for (int i = 0; i < vcpus; i++) {
            double now = Math.max(0, sample.vcpuDirtyPages[i]) * NANOS_PER_SECOND / interval;
            state.pagesPerSecond[i] += (now - state.pagesPerSecond[i]) * step;
            total += state.pagesPerSecond[i];
        }
        for (int i = vcpus; i < state.vcpus; i++) {
            state.pagesPerSecond[i] = 0;
        }
        state.vcpus = vcpus;
        state.totalPagesPerSecond = total;
    }

    /** Whether a sample with dirty pages has been seen. */
    public static boolean isKnown(DirtyRateState state) {
        return state.vcpus > 0;
    }

    /** Max over mean of the vCPUs' rates, from 1 (even) to the number of vCPUs (one dirties all). */
    public static double imbalanceRatio(DirtyRateState state) {
        if (!(state.totalPagesPerSecond > 0)) {
            return 1;
        }
        double max = 0;
        for (int i = 0; i < state.vcpus; i++) {
            max = Math.max(max, state.pagesPerSecond[i]);
        }
        return Math.max(1, max * state.vcpus / state.totalPagesPerSecond);
    }
}
