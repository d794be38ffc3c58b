package io.lull.lab.run;

import io.lull.policy.sim.Comparison;
import java.util.List;

/**
 * What an experiment found.
 *
 * @param comparison all runs; epochs are kept only of the best run of each policy on each workload
 * @param leftOut in one line each, what could not be run and why
 */
public record Findings(Experiment experiment, Comparison comparison, List<String> leftOut) {
    public Findings {
        leftOut = List.copyOf(leftOut);
    }
}
