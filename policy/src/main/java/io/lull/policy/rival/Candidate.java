package io.lull.policy.rival;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.Objectives;

/**
 * A rival in one of its settings.
 *
 * @param policy the policy's name, for example {@code gerofi}
 * @param setting the setting in words, unique among those of the policy; for example {@code T 25 ms}
 * @param instance the policy in that setting
 * @param objectives what it is run with; part of the setting where the policy takes its interval or T_max from it
 */
public record Candidate(String policy, String setting, CheckpointPolicy<?> instance, Objectives objectives) {
    public Candidate {
        if (!policy.equals(instance.name())) {
            throw new IllegalArgumentException("a candidate of '" + policy + "' runs '" + instance.name() + "'");
        }
        if (setting.isBlank()) {
            throw new IllegalArgumentException("a candidate of '" + policy + "' needs its setting in words");
        }
    }
}
