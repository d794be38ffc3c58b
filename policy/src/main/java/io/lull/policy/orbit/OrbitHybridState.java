package io.lull.policy.orbit;

import io.lull.policy.PolicyState;

/** What {@link OrbitHybridPolicy} remembers of a VM. A class with public fields, because Flink keeps it as state. */
public final class OrbitHybridState extends PolicyState {
    /** Passive epochs that are left; 0 while the backup executes. */
    public int passiveEpochs;

    /** Weighted mean of the epochs' lengths. */
    public double meanNanos;

    /** Epochs since the mean was begun. */
    public long epochs;
}
