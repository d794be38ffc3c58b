package io.lull.policy.signal;

/**
 * Estimates the rate at which a lull begins while the guest is busy and output is held.
 *
 * <pre>
 * h = Σ lulls that began / Σ time at risk            both faded by exp(−time at risk since / tau)
 * at risk: something is held, and not in a lull
 * a lull:  no request is pending, or the guest rests
 * </pre>
 *
 * <p>This is the maximum-likelihood rate of an exponential distribution with right censoring: a stretch that a
 * checkpoint ends before its lull came counts its time and no lull. Regimes: 0 before any lull came; time not at risk
 * (nothing held, or in the lull) neither counts nor fades anything, so that a long pause of the clients doesn't make
 * the VM unknown; without further lulls h falls as exp(−t / tau) once t is past tau. A lull that begins before
 * anything was seen at risk, within one sample of the first held frame, isn't counted. In the sample in which a lull
 * begins half of the interval counts as time at risk. Time at risk counts as at least {@value #LEAST_NANOS} ns, so that
 * h is bounded. Unit: per second of time at risk. Source: Lawless, "Statistical models and methods for lifetime data",
 * 3.2.
 */
public final class SlotHazard {
    static final int LEAST_NANOS = 1_000_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private SlotHazard() {}

    /**
     * Takes up {@code sample}.
     *
     * @param resting whether the guest rests, whatever is pending: it waits for something else than its vCPUs
     * @param tauNanos memory, in time at risk
     */
    public static void update(HazardState state, SampleView sample, boolean resting, long tauNanos) {
        boolean sameEpoch = state.epoch == sample.epoch;
        boolean held = sample.heldPackets > 0;
        boolean lull = sample.requestsPending <= 0 || resting;
        long nanos = Math.max(0, Math.min(sample.intervalNanos, sample.elapsedNanos));
        if (held && !lull) {
            pass(state, nanos, tauNanos);
        } else if (held && sameEpoch && state.atRisk) {
            pass(state, nanos / 2, tauNanos);
            state.slots += 1;
        }
        state.epoch = sample.epoch;
        state.atRisk = held && !lull;
    }

    /** Whether any time at risk has been seen. */
    public static boolean isKnown(HazardState state) {
        return state.atRiskSeconds > 0;
    }

    /** The rate at which a lull begins, per second at risk; 0 when none ever came. */
    public static double perSecond(HazardState state) {
        return state.slots / Math.max(LEAST_NANOS / NANOS_PER_SECOND, state.atRiskSeconds);
    }

    private static void pass(HazardState state, long nanos, long tauNanos) {
        if (nanos <= 0) {
            return;
        }
        double gain = Ewma.gainRatio(nanos, tauNanos);
        state.slots *= 1 - gain;
        state.atRiskSeconds = state.atRiskSeconds * (1 - gain) + gain * (Math.max(1, tauNanos) / NANOS_PER_SECOND);
    }
}
