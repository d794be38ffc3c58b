package io.lull.policy.plover;

import io.lull.policy.PolicyState;

/** What {@link PloverReleasedPolicy} knows of a VM. A class with public fields, because Flink keeps it as state. */
public final class PloverReleasedState extends PolicyState {
    /** How many vCPUs the last sample had; 1 before the first. */
    public int vcpus = 1;
}
