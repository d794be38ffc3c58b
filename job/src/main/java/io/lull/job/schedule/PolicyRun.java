package io.lull.job.schedule;

import io.lull.job.monitor.JobMetric;
import io.lull.job.state.PackedSerializer;
import io.lull.policy.CheckpointPolicy;
import io.lull.policy.Objectives;
import io.lull.policy.PolicyState;
import io.lull.policy.Signal;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.daly.YoungDalyPolicy;
import io.lull.policy.gerofi.WorkloadAdaptivePolicy;
import io.lull.policy.kemari.OnOutputPolicy;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.mc.MicroCheckpointPolicy;
import io.lull.policy.orbit.OrbitHybridPolicy;
import io.lull.policy.plover.IdleSlotPolicy;
import io.lull.policy.plover.PloverReleasedPolicy;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.remus.AdaptiveRemusPolicy;
import io.lull.policy.remus.FixedIntervalPolicy;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import io.lull.policy.watermark.DirtyWatermarkPolicy;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * One policy as the job runs it: with its state of the current VM, which stands in {@link PolicyStates}, so that a VM that
 * comes back to a policy finds what that had learned; and with its counters over all VMs.
 *
 * <p>Earlier versions of the job kept each policy's state in a state of Flink's own, under the policy's name. What a savepoint
 * of theirs holds is moved over when the policy is asked about the VM for the first time.
 */
final class PolicyRun<S extends PolicyState> {
    /**
     * The policies that there were then. Later ones have no such state, since Flink writes each that is registered into every
     * savepoint, with the name of its class: an earlier version of the job, which has no such class, could not go back to it.
     */
    private static final Set<String> KEPT_APART = Set.of(
            FixedIntervalPolicy.NAME,
            IdleSlotPolicy.NAME,
            AdaptiveRemusPolicy.NAME,
            WorkloadAdaptivePolicy.NAME,
            PloverReleasedPolicy.NAME,
            MicroCheckpointPolicy.NAME,
            DirtyWatermarkPolicy.NAME,
            OnOutputPolicy.NAME,
            OrbitHybridPolicy.NAME,
            YoungDalyPolicy.NAME,
            LullPolicy.NAME);

    private final CheckpointPolicy<S> policy;
    private final PolicyPlace<S> place;
    private final boolean goesByFrames;
    private final Optional<ValueState<S>> before;
    private final Counter samples;
    private final Counter plans;
    private final Counter epochEnds;

    private PolicyRun(CheckpointPolicy<S> policy, RuntimeContext context) {
        this.policy = policy;
        this.place = new PolicyPlace<>(policy);
        this.goesByFrames =
                policy.requires().contains(Signal.NETWORK) || policy.requires().contains(Signal.TCP);
        this.before = KEPT_APART.contains(policy.name())
                ? Optional.of(context.getState(
                        new ValueStateDescriptor<>("policy." + policy.name(), PackedSerializer.of(policy.stateType()))))
                : Optional.empty();
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

    /**
     * Takes up a sample of the current VM, whose state is {@code vm}, and says what the policy makes of it. From a sample that
     * knows of no frames, a policy that goes by them learns nothing; its worker keeps to the safe interval meanwhile if the plan
     * looks at output, and to the plan's interval if it has nothing else (Adaptive Remus: that of the mode it was in).
     */
    Proposal<S> onSample(VmState vm, SampleView sample, Objectives objectives) throws IOException {
        S memory = memory(vm);
        if (sample.framesKnown || !goesByFrames) {
            policy.onSample(memory, sample, objectives);
            samples.inc();
        }
        return new Proposal<>(policy, memory, objectives);
    }

    /** Takes up a report of the current VM. */
    void onReport(VmState vm, EpochReport report, Objectives objectives) throws IOException {
        policy.onReport(memory(vm), report, objectives);
    }

    /** What the policy would do with what it knows of the current VM. */
    Proposal<S> proposal(VmState vm, Objectives objectives) throws IOException {
        return new Proposal<>(policy, memory(vm), objectives);
    }

    /** Counts a command that was sent while this policy was in force. */
    void count(WorkerCommand command) {
        if (command instanceof EndEpoch) {
            epochEnds.inc();
        } else {
            plans.inc();
        }
    }

    /** Drops what an earlier version kept of the current VM. */
    void forget() {
        before.ifPresent(ValueState::clear);
    }

    private S memory(VmState vm) throws IOException {
        @Nullable S memory = place.in(vm.policies);
        if (memory != null) {
            return memory;
        }
        @Nullable S kept = before.isPresent() ? before.get().value() : null;
        before.ifPresent(ValueState::clear);
        S first = kept == null ? policy.initialState() : kept;
        place.put(vm.policies, first);
        return first;
    }
}
