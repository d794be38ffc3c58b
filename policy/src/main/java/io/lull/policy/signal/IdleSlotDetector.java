package io.lull.policy.signal;

import io.lull.policy.IdleRule;

/**
 * Finds idle slots in a VM's samples: the moments at which all that was asked has been answered, so that a pause takes
 * nothing from the guest while its output waits for a commit.
 *
 * <p>With rule r, sample s and the times accumulated over the samples of the epoch:
 *
 * <pre>
 * rest   = idle ≥ r.idle and quiet ≥ r.quiet and no disk request in flight and output of this epoch is held
 * STRONG = rest and no request pending
 * WEAK   = rest and a request pending and idle ≥ r.weakIdle
 * </pre>
 *
 * <p>Three regimes. Just after the resume ({@code elapsed < settle}), or when the sample's interval reaches back over
 * the pause, nothing counts: the vCPUs stood still for our sake. While the guest works, or sends, the time that it
 * broke starts over. In a lull both grow until a verdict stands, and it stands until the guest moves.
 *
 * <p>Where the gate doesn't see the guest's frames nothing counts: that no frame is known of is no rest.
 *
 * <p>Pending requests are asked for because of disk waits: with a disk that takes 5 ms a write, vCPU time alone finds
 * most of its "idle slots" in the middle of a request. Stalled connections are not a condition: a server stopped by
 * its congestion window is idle and quiet anyway, so they only say why.
 *
 * <p>Samples may be skipped but not reordered; a sample of an earlier epoch starts over like one of a later epoch.
 */
public final class IdleSlotDetector {
    /** TCP acknowledges every second frame at least. */
    private static final int FRAMES_PER_ACKNOWLEDGEMENT = 2;

    private IdleSlotDetector() {}

    /** Takes up {@code sample} in {@code state}. */
    public static void update(IdleState state, SampleView sample, IdleRule rule) {
        if (state.epoch != sample.epoch) {
            state.idleNanos = 0;
            state.quietNanos = 0;
            state.workNanos = 0;
        }
        boolean counts = counts(sample, rule);
        state.epoch = sample.epoch;
        state.stalled = sample.stalled;
        state.windowFull = sample.windowFull;
        state.idleNanos = counts && sample.busyRatio < rule.busyRatio() ? state.idleNanos + sample.intervalNanos : 0;
        state.quietNanos = counts && sample.txPackets == 0 ? state.quietNanos + sample.intervalNanos : 0;
        state.workNanos += sample.busyRatio * Math.min(sample.intervalNanos, sample.elapsedNanos);
        if (counts) {
            boolean rests = sample.busyRatio < rule.busyRatio() && sample.txPackets == 0;
            state.restNanos = rests
                    ? Math.min(IdleState.LONGEST_REST_NANOS, state.restNanos + sample.intervalNanos)
                    : Math.max(0, state.restNanos - IdleState.WORK_WEIGHT * sample.intervalNanos);
        }
        releases(state, sample);
        state.verdict = counts ? verdict(state, sample, rule) : IdleVerdict.NONE;
    }

    /** Keeps how long a release has been without an answer. */
    private static void releases(IdleState state, SampleView sample) {
        long released = state.heldPackets + sample.txPackets - sample.heldPackets;
        state.heldPackets = sample.heldPackets;
        if (released > 0) {
            state.sinceReleaseNanos = 0;
            state.awaitedPackets = released;
        } else {
            state.sinceReleaseNanos =
                    Math.min(IdleState.LONGEST_REST_NANOS, state.sinceReleaseNanos + sample.intervalNanos);
        }
        state.awaitedPackets = Math.max(0, state.awaitedPackets - FRAMES_PER_ACKNOWLEDGEMENT * sample.rxPackets);
        if (state.awaitedPackets == 0) {
            state.sinceReleaseNanos = IdleState.LONGEST_REST_NANOS;
        }
    }

    /** Whether {@code sample} says anything: frames are seen, the guest has settled, and the interval is all of its own epoch. */
    public static boolean counts(SampleView sample, IdleRule rule) {
        return sample.elapsedNanos >= rule.settleNanos()
                && sample.elapsedNanos >= sample.intervalNanos
                && sample.vcpus > 0
                && sample.framesKnown;
    }

    private static IdleVerdict verdict(IdleState state, SampleView sample, IdleRule rule) {
        boolean rests = state.idleNanos > 0
                && state.idleNanos >= rule.idleNanos()
                && state.quietNanos >= rule.quietNanos()
                && sample.diskInFlight == 0
                && sample.openPackets > 0;
        if (!rests) {
            return IdleVerdict.NONE;
        }
        if (sample.requestsPending == 0) {
            return IdleVerdict.STRONG;
        }
        return state.idleNanos >= rule.weakIdleNanos() ? IdleVerdict.WEAK : IdleVerdict.NONE;
    }
}
