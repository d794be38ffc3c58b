package io.lull.job.schedule;

import io.lull.policy.OperatorIntent;

/** An operator's choice of policy with the objectives that came along, as Flink keeps it. */
public final class ChosenPolicy extends AskedObjectives {
    public String policy = "";

    static ChosenPolicy of(OperatorIntent intent) {
        ChosenPolicy chosen = new ChosenPolicy();
        chosen.take(intent);
        chosen.policy = intent.policy().orElseThrow();
        return chosen;
    }
}
