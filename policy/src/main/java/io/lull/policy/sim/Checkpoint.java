package io.lull.policy.sim;

import io.lull.policy.TriggerReason;

/** One simulated checkpoint on its way from the pause to the commit; {@link CheckpointsInFlight} uses it again. */
final class Checkpoint {
    long epoch;
    TriggerReason reason = TriggerReason.FALLBACK;
    long pausedAt;
    long lengthNanos;
    double pauseNanos;
    double dirtyPages;
    double shippedBytes;
    long shipNanos;
    long commitAt;
    /** Place in the gate before which this checkpoint's output lies. */
    long gateCut;

    boolean inSlot;
    double busyRatio;

    void copyFrom(Checkpoint other) {
        epoch = other.epoch;
        reason = other.reason;
        pausedAt = other.pausedAt;
        lengthNanos = other.lengthNanos;
        pauseNanos = other.pauseNanos;
        dirtyPages = other.dirtyPages;
        shippedBytes = other.shippedBytes;
        shipNanos = other.shipNanos;
        commitAt = other.commitAt;
        gateCut = other.gateCut;
        inSlot = other.inSlot;
        busyRatio = other.busyRatio;
    }
}
