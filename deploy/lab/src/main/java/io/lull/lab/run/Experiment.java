package io.lull.lab.run;

import io.lull.policy.Checks;
import io.lull.policy.Targets;
import io.lull.policy.rival.Candidate;
import io.lull.policy.sim.CostModel;
import io.lull.policy.sim.SimSettings;
import io.lull.policy.sim.Workload;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is to be compared on what.
 *
 * @param workloads at least one, each of a name of its own
 * @param candidates at least one; each runs on every workload that has the signals it needs
 * @param targets what all candidates are measured by
 * @param seeds that runs are drawn from, each run from each; at least one, none twice
 * @param oracle whether the best schedule is looked for too
 */
public record Experiment(
        List<Workload> workloads,
        List<Candidate> candidates,
        Targets targets,
        CostModel cost,
        SimSettings settings,
        List<Long> seeds,
        boolean oracle) {
    public Experiment {
        workloads = List.copyOf(workloads);
        candidates = List.copyOf(candidates);
        Checks.positive("workloads", workloads.size());
        seeds = List.copyOf(seeds);
        Checks.positive("candidates", candidates.size());
        Checks.positive("seeds", seeds.size());
        if (new HashSet<>(seeds).size() < seeds.size()) {
            throw new IllegalArgumentException("a seed is named twice in " + seeds);
        }
        Set<String> names = new HashSet<>();
        for (Workload workload : workloads) {
            if (!names.add(workload.name())) {
                throw new IllegalArgumentException("two workloads are named '" + workload.name() + "'");
            }
        }
    }
}
