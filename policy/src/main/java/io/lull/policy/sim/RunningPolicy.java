package io.lull.policy.sim;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.EpochPlan;
import io.lull.policy.Objectives;
import io.lull.policy.PolicyState;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;

/** A policy together with what it has learned in one run. */
final class RunningPolicy<S extends PolicyState> {
    private final CheckpointPolicy<S> policy;
    private final Objectives objectives;
    private final S state;

    RunningPolicy(CheckpointPolicy<S> policy, Objectives objectives) {
        this.policy = policy;
        this.objectives = objectives;
        this.state = policy.initialState();
    }

    void onSample(SampleView sample) {
        policy.onSample(state, sample, objectives);
    }

    void onReport(EpochReport report) {
        policy.onReport(state, report, objectives);
    }

    EpochPlan plan() {
        return policy.plan(state, objectives);
    }

    long revision() {
        return state.revision;
    }
}
