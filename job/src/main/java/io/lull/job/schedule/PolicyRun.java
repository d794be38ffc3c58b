package io.lull.job.schedule;

import io.lull.job.monitor.JobMetric;
import io.lull.job.state.PackedSerializer;
import io.lull.policy.CheckpointPolicy;
import io.lull.policy.Objectives;
import io.lull.policy.PolicyState;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * One policy as the job runs it: with its state of the current VM, which Flink keeps under the policy's name, so that a
 * VM that comes back to a policy finds what that had learned; and with its counters over all VMs.
 */
final class PolicyRun<S extends PolicyState> {
    private final CheckpointPolicy<S> policy;
    private final ValueState<S> states;
    private final Counter samples;
    private final Counter plans;
    private final Counter epochEnds;

    private PolicyRun(CheckpointPolicy<S> policy, RuntimeContext context) {
        this.policy = policy;
        this.states = context.getState(
                new ValueStateDescriptor<>("policy." + policy.name(), PackedSerializer.of(policy.stateType())));
        // A pair of names becomes a label of its own, so that all policies share one metric.
        MetricGroup group = context.getMetricGroup().addGroup("policy", policy.name());
        this.samples = JobMetric.POLICY_SAMPLES.counter(group);
        this.plans = JobMetric.POLICY_PLANS.counter(group);
        this.epochEnds = JobMetric.POLICY_EPOCH_ENDS.counter(group);
    }

    /** All policies of {@code registry}, by name. */
    static Map<String, PolicyRun<?>> all(PolicyRegistry registry, RuntimeContext context) {
        Map<String, PolicyRun<?>> runs = new HashMap<>();
        for (String name : registry.names()) {
            runs.put(name, new PolicyRun<>(registry.named(name), context));
        }
        return runs;
    }

    /** Takes up a sample of the current VM, and says what the policy makes of it. */
    Proposal<S> onSample(SampleView sample, Objectives objectives) throws IOException {
        S memory = load();
        policy.onSample(memory, sample, objectives);
        states.update(memory);
        samples.inc();
        return new Proposal<>(policy, memory, objectives);
    }

    /** Takes up a report of the current VM. */
    void onReport(EpochReport report, Objectives objectives) throws IOException {
        S memory = load();
        policy.onReport(memory, report, objectives);
        states.update(memory);
    }

    /** What the policy would do with what it knows of the current VM. */
    Proposal<S> proposal(Objectives objectives) throws IOException {
        return new Proposal<>(policy, load(), objectives);
    }

    /** Counts a command that was sent while this policy was in force. */
    void count(WorkerCommand command) {
        if (command instanceof EndEpoch) {
            epochEnds.inc();
        } else {
            plans.inc();
        }
    }

    /** Drops what was learned of the current VM. */
    void forget() {
        states.clear();
    }

    private S load() throws IOException {
        @Nullable S kept = states.value();
        return kept == null ? policy.initialState() : kept;
    }
}
