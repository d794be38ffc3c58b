package io.lull.policy.guard;

import io.lull.policy.HardLimits;
import java.util.Optional;

/**
 * What guards know beside the plan.
 *
 * @param nowMicros wall clock, microseconds since 1970
 * @param lastSampleMicros when the newest sample was received, by the same clock
 * @param limits the hard limits
 * @param pin the operator's pin, if one is in force
 */
public record GuardInput(long nowMicros, long lastSampleMicros, HardLimits limits, Optional<PinnedInterval> pin) {}
