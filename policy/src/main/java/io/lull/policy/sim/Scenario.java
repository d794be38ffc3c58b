package io.lull.policy.sim;

import io.lull.policy.Signal;
import io.lull.policy.Targets;
import io.lull.policy.rival.Candidate;
import java.util.Optional;
import java.util.Set;

/**
 * One workload on one seed, on which candidates are run and the best schedule is looked for; what the guest does
 * unprotected is worked out once. Safe for use by several threads.
 */
public final class Scenario {
    private final Workload workload;
    private final CostModel cost;
    private final SimSettings settings;
    private final long seed;
    private final Progress unprotected;

    public Scenario(Workload workload, CostModel cost, SimSettings settings, long seed) {
        this.workload = workload;
        this.cost = cost;
        this.settings = settings;
        this.seed = seed;
        this.unprotected = Simulation.unprotected(workload, cost, settings, seed);
    }

    public Workload workload() {
        return workload;
    }

    /** The signals that {@code candidate} needs and the workload lacks; only with none can it be run. */
    public Set<Signal> missing(Candidate candidate) {
        return Simulation.missing(workload, candidate.instance());
    }

    public RunResult run(Candidate candidate) {
        return Simulation.run(workload, cost, candidate, settings, seed, unprotected);
    }

    /** What the {@link Oracle} finds; empty where it can't speak of the run. */
    public Optional<RunResult> oracle(Targets targets) {
        return Oracle.covered(workload, settings).map(covered -> Oracle.best(workload, cost, covered, seed, targets));
    }
}
