package io.lull.lab.run;

import io.lull.policy.sim.Comparison;
import java.util.List;

/**
 * What an experiment found.
 *
 * @param comparison all runs; epochs are kept only of the best run of each policy on each workload
 * @param leftOut in one line each, what could not be run and why
 * @param withoutOracle the workloads of which the oracle can't speak, where it was asked for
 */
public record Findings(Experiment experiment, Comparison comparison, List<String> leftOut, List<String> withoutOracle) {
    public Findings {
        leftOut = List.copyOf(leftOut);
        withoutOracle = List.copyOf(withoutOracle);
    }
}
