package io.lull.policy.sim;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.Objectives;

/**
 * A policy in one setting, as it takes part in a comparison.
 *
 * @param policy its name
 * @param setting its parameters in words; empty when it has none
 * @param instance with those parameters
 * @param objectives that it is run with
 */
public record Candidate(String policy, String setting, CheckpointPolicy<?> instance, Objectives objectives) {
    public static Candidate of(CheckpointPolicy<?> policy, Objectives objectives) {
        return new Candidate(policy.name(), "", policy, objectives);
    }
}
