package io.lull.policy.signal;

import java.util.Arrays;

/**
 * Learns from a VM's own vacant samples how busy its vCPUs look when it does nothing.
 *
 * <p>A constant can't know: a guest with a 250 Hz tick, a KVM host that polls 200 µs before a halted vCPU sleeps, or a
 * slow emulated CPU each have their own floor, and a threshold below the floor never sees an idle slot.
 *
 * <pre>
 * threshold = clamp(upper edge of the bucket that holds the 0.90 quantile of the vacant samples,
 *                   0.05 / vCPUs, min(0.25, 0.5 / vCPUs))
 * </pre>
 *
 * <p>A sample is vacant when no frame came or went, no request is pending, no disk request was made or is in flight,
 * and they are less than half a vCPU busy: above that they compute. Regimes: fewer than {@value #ENOUGH} vacant samples seen, and the floor holds; a quiet
 * guest stays at the floor; a guest with background noise rises to its noise, never above the cap, since a threshold
 * above a quarter would take work for a lull. With many vCPUs a share of all of them says little: one thread that works
 * on one of 24 is busy for 4 %, so the bounds are those of a single vCPU.
 *
 * <p>Memory is constant: {@value #BUCKETS} counts. At {@value #HALVE_AT} samples all are halved, so that what was
 * learned long ago fades, with a half-life of that many vacant samples.
 */
public final class VacantThreshold {
    /** The threshold before anything is learned, and its lower bound; a ratio. */
    public static final double FLOOR_RATIO = 0.05;

    /** Its upper bound; a ratio. */
    public static final double CAP_RATIO = 0.25;

    static final int BUCKETS = 26;
    static final int ENOUGH = 256;
    static final int HALVE_AT = 8192;
    private static final double QUANTILE_RATIO = 0.90;
    private static final double WORKING_VCPUS = 0.5;
    private static final double BUCKETS_PER_RATIO = 100;

    private VacantThreshold() {}

    /** Takes up {@code sample} in {@code state}. */
    public static void update(VacantState state, SampleView sample) {
        if (sample.vcpus > 0) {
            state.vcpus = sample.vcpus;
        }
        if (isVacant(sample)) {
            add(state, sample.busyRatio);
        }
    }

    /** Takes up the busy share of a sample that {@link #isVacant}; a ratio. */
    public static void add(VacantState state, double busyRatio) {
        if (state.counts.length != BUCKETS) {
            rebucket(state);
        }
        state.counts[Math.min(BUCKETS - 1, (int) (busyRatio * BUCKETS_PER_RATIO))]++;
        state.total++;
        if (state.total >= HALVE_AT) {
            state.total = 0;
            for (int i = 0; i < BUCKETS; i++) {
                state.counts[i] /= 2;
                state.total += state.counts[i];
            }
        }
    }

    /** Fits what an earlier version kept in fewer buckets. */
    private static void rebucket(VacantState state) {
        state.counts = Arrays.copyOf(state.counts, BUCKETS);
        state.total = Arrays.stream(state.counts).sum();
    }

    /** The busy share below which a sample of this VM counts as idle; a ratio from the floor to the cap. */
    public static double busyRatio(VacantState state) {
        int total = state.total;
        double floor = FLOOR_RATIO / Math.max(1, state.vcpus);
        if (total < ENOUGH) {
            return floor;
        }
        int bucket = 0;
        int upTo = state.counts[0];
        while (upTo < QUANTILE_RATIO * total) {
            bucket++;
            upTo += state.counts[bucket];
        }
        double cap = Math.min(CAP_RATIO, WORKING_VCPUS / Math.max(1, state.vcpus));
        return Math.max(floor, Math.min(cap, (bucket + 1) / BUCKETS_PER_RATIO));
    }

    /** Whether {@code sample} shows the VM while it does nothing. */
    public static boolean isVacant(SampleView sample) {
        return sample.vcpus > 0
                && sample.framesKnown
                && sample.elapsedNanos >= sample.intervalNanos
                && sample.txPackets == 0
                && sample.rxPackets == 0
                && sample.requestsPending == 0
                && sample.diskInFlight == 0
                && sample.diskWrites == 0
                && sample.busyRatio * sample.vcpus < WORKING_VCPUS;
    }
}
