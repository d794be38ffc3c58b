package io.lull.job.schedule;

import io.lull.policy.daly.YoungDalyState;
import io.lull.policy.gerofi.WorkloadAdaptiveState;
import io.lull.policy.kemari.OnOutputState;
import io.lull.policy.lull.LullState;
import io.lull.policy.mc.MicroCheckpointState;
import io.lull.policy.orbit.OrbitHybridState;
import io.lull.policy.plover.IdleSlotState;
import io.lull.policy.plover.PloverReleasedState;
import io.lull.policy.remus.AdaptiveRemusState;
import io.lull.policy.remus.FixedIntervalState;
import io.lull.policy.watermark.DirtyWatermarkState;
import org.jspecify.annotations.Nullable;

/**
 * What each policy that has run remembers of a VM; kept by Flink within {@link VmState}, so that it is found together with
 * that. A policy has the one field of its state's type ({@link PolicyRun}), which is null until it runs.
 */
public final class PolicyStates {
    public @Nullable FixedIntervalState fixedInterval;
    public @Nullable IdleSlotState idleSlot;
    public @Nullable AdaptiveRemusState adaptiveRemus;
    public @Nullable WorkloadAdaptiveState workloadAdaptive;
    public @Nullable PloverReleasedState ploverReleased;
    public @Nullable MicroCheckpointState microCheckpoint;
    public @Nullable DirtyWatermarkState dirtyWatermark;
    public @Nullable OnOutputState onOutput;
    public @Nullable OrbitHybridState orbitHybrid;
    public @Nullable YoungDalyState youngDaly;
    public @Nullable LullState lull;
}
