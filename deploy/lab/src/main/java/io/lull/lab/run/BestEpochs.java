package io.lull.lab.run;

import io.lull.policy.sim.RunResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps epochs only of the best run of each policy on each workload: those of a whole sweep would fill the memory. */
final class BestEpochs {
    private final Map<String, RunResult> best = new HashMap<>();

    /** Remembers {@code run} if it is the best so far, and returns it without its epochs. */
    synchronized RunResult take(RunResult run) {
        RunResult other = best.get(key(run));
        if (other == null
                || run.scoreRatio() > other.scoreRatio()
                || (run.scoreRatio() == other.scoreRatio() && run.setting().compareTo(other.setting()) < 0)) {
            best.put(key(run), run);
        }
        return run.withEpochs(List.of());
    }

    /** The runs in the given order, the best ones with their epochs and before others of the same score. */
    synchronized List<RunResult> restore(List<RunResult> runs) {
        return runs.stream()
                .map(run -> {
                    RunResult kept = best.get(key(run));
                    return kept != null && kept.setting().equals(run.setting()) ? kept : run;
                })
                .toList();
    }

    private static String key(RunResult run) {
        return run.workload() + '\n' + run.policy();
    }
}
