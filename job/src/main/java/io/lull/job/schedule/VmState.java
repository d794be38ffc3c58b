package io.lull.job.schedule;

import io.lull.policy.signal.IdleState;

/** What the job remembers of a VM beside its policy's own state; kept by Flink. */
public final class VmState {
    /** What the detector makes of the open epoch. */
    public IdleState idle = new IdleState();

    /** The newest plan or decision id; the next is higher. */
    public long lastId;

    /** When the newest sample arrived, the job's clock; 0 before the first. */
    public long lastSeenMicros;

    /** The open epoch of the newest sample. */
    public long epoch;

    /** The last epoch for which a command to end it was sent; 0 before the first. */
    public long endedEpoch;

    /** Length, pause and dirty pages of the newest epoch that was reported; 0 before the first. */
    public long lastLengthNanos;

    public long lastPauseNanos;
    public long lastDirtyPages;

    /** Whether a timer for the staleness of telemetry is registered. */
    public boolean timerArmed;

    /** The plan that was sent last. */
    public SentPlan sent = new SentPlan();

    /** The policy that an operator chose. */
    public ChosenPolicy chosen = new ChosenPolicy();

    /** The interval that an operator pinned. */
    public Pin pin = new Pin();

    /** The objectives that an operator asked for. */
    public AskedObjectives objectives = new AskedObjectives();

    /** An operator's order to send neither plans nor commands. */
    public Order pause = new Order();

    /** An operator's order not to change the plan. */
    public Order exclusion = new Order();

    /** An operator's order to decide and record only. */
    public Order advice = new Order();
}
