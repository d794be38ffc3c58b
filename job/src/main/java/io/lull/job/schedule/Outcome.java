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
public record Outcome(List<WorkerCommand> commands, List<Decision> decisions) {
    public Outcome {
        commands = List.copyOf(commands);
        decisions = List.copyOf(decisions);
    }
}
