package io.lull.job.schedule;

import io.lull.policy.Decision;
import io.lull.policy.WorkerCommand;
import java.util.List;

/**
 * What came of one step for a VM.
 *
 * @param commands for its worker, most urgent first
 * @param decisions the record of why
 */
record Outcome(List<WorkerCommand> commands, List<Decision> decisions) {
    static final Outcome NOTHING = new Outcome(List.of(), List.of());

    Outcome {
        commands = List.copyOf(commands);
        decisions = List.copyOf(decisions);
    }

    static Outcome recorded(Decision decision) {
        return new Outcome(List.of(), List.of(decision));
    }
}
