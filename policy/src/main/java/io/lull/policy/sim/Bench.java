package io.lull.policy.sim;

import io.lull.policy.Signal;
import io.lull.policy.rival.Candidate;
import java.util.Set;

/**
 * One workload on one seed, on which candidates are run and the best schedule is looked for; what the guest does
 * unprotected is worked out once. Safe for use by several threads.
 */
public final class Bench {
    private final Workload workload;
    private final CostModel cost;
    private final SimSettings settings;
    private final long seed;
    private final Progress unprotected;

    public Bench(Workload workload, CostModel cost, SimSettings settings, long seed) {
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

    /**
     * The best score that is known to be possible: what {@link Oracle} finds in at most {@code longestNanos} of
     * simulated time.
     *
     * @param targetNanos output delay that scores are measured by; {@link Long#MAX_VALUE} for none
     */
    public double oracleScore(long targetNanos, long longestNanos) {
        SimSettings shorter = settings.lasting(settings.warmUpNanos(), Math.min(settings.runNanos(), longestNanos));
        return Oracle.bestScore(workload, cost, shorter, seed, targetNanos);
    }
}
