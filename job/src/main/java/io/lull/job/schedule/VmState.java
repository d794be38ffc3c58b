package io.lull.job.schedule;

import io.lull.job.admit.AdmissionState;
import io.lull.policy.signal.DirtyCurveState;
import io.lull.policy.signal.IdleState;

/** What the job remembers of a VM beside its operators' orders; kept by Flink. */
public final class VmState {
    /** Which host is believed, and how far its samples have come. */
    public AdmissionState admission = new AdmissionState();

    /** What the detector makes of the open epoch. */
    public IdleState idle = new IdleState();

    /** The newest plan or decision id; the next is higher. */
    public long lastId;

    /** The last epoch for which a command to end it was sent; 0 before the first. */
    public long endedEpoch;

    /** Pause of the newest epoch that was reported; 0 before the first. */
    public long lastPauseNanos;

    /** How many pages an epoch dirties, by its length. */
    public DirtyCurveState dirty = new DirtyCurveState();

    /** The plan that was sent last. */
    public SentPlan sent = new SentPlan();

    /** What its policies have learned. */
    public PolicyStates policies = new PolicyStates();
}
