package io.lull.job.schedule;

import io.lull.job.stream.Inbound;
import io.lull.job.stream.Outgoing;
import io.lull.job.stream.Triage;
import io.lull.policy.CheckpointPolicy;
import io.lull.policy.Decision;
import io.lull.policy.EpochPlan;
import io.lull.policy.Observation;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.wire.Wire;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Runs the policy of each VM on its samples, reports and intents, and sends what {@link VmScheduler} makes of it.
 *
 * <p>Decisions are made as samples arrive, not on the watermark, which waits for others. One processing-time timer a
 * VM watches for silence; it is re-armed lazily, when it fires. Keyed by VM; each policy's state is kept under the
 * policy's name, so that a VM that comes back to a policy finds what that had learned.
 */
public final class SchedulerFunction extends KeyedProcessFunction<String, Inbound, Outgoing> {
    private static final long serialVersionUID = 1L;
    private static final Wire WIRE = new Wire();

    private final SchedulerSettings settings;
    private final OutputTopics topics;
    private final MicrosClock clock;
    private transient PolicyRegistry registry;
    private transient VmScheduler scheduler;
    private transient ValueState<VmState> states;
    private transient PolicyStates policyStates;
    private transient Counter commands;
    private transient Counter decisions;
    private transient Counter rejected;
    private transient Counter silences;
    private transient long openedAtMicros;

    /** Where the function's records go. */
    public record OutputTopics(String commands, String decisions, String rejected) implements java.io.Serializable {}

    @SuppressWarnings("NullAway.Init") // What is transient is made in open().
    public SchedulerFunction(SchedulerSettings settings, OutputTopics topics, MicrosClock clock) {
        this.settings = settings;
        this.topics = topics;
        this.clock = clock;
    }

    @Override
    public void open(OpenContext context) {
        registry = PolicyRegistry.standard();
        scheduler = new VmScheduler(settings, registry);
        states = getRuntimeContext().getState(new ValueStateDescriptor<>("vm", TypeInformation.of(VmState.class)));
        policyStates = new PolicyStates(registry, getRuntimeContext());
        commands = getRuntimeContext().getMetricGroup().counter("commands");
        decisions = getRuntimeContext().getMetricGroup().counter("decisions");
        rejected = getRuntimeContext().getMetricGroup().counter("rejected");
        silences = getRuntimeContext().getMetricGroup().counter("silences");
        openedAtMicros = clock.nowMicros();
    }

    @Override
    public void processElement(Inbound inbound, Context context, Collector<Outgoing> out) throws IOException {
        VmState state = current();
        long nowMicros = clock.nowMicros();
        if (inbound instanceof Inbound.Sample sample) {
            EpochPlan proposed = propose(state, new Observation(List.of(sample.sample()), List.of()), nowMicros);
            emit(scheduler.onSample(state, sample.sample(), proposed, nowMicros), out);
            if (!state.timerArmed) {
                state.timerArmed = true;
                arm(context, nowMicros + settings.stalenessMicros());
            }
        } else if (inbound instanceof Inbound.Report report) {
            propose(state, new Observation(List.of(), List.of(report.report())), nowMicros);
        } else if (inbound instanceof Inbound.Intent intent) {
            scheduler.takeUp(state, intent.intent()).ifPresent(why -> reject(inbound, why, context));
        } else if (inbound instanceof Inbound.Rejected bad) {
            reject(bad, bad.reason(), context);
        }
        states.update(state);
    }

    @Override
    public void onTimer(long timestampMillis, OnTimerContext context, Collector<Outgoing> out) throws IOException {
        VmState state = current();
        long nowMicros = clock.nowMicros();
        // Time in which the job did not run is no silence of the VM's.
        long silentSinceMicros = Math.max(state.lastSeenMicros, openedAtMicros);
        if (nowMicros - silentSinceMicros < settings.stalenessMicros()) {
            arm(context, silentSinceMicros + settings.stalenessMicros());
            return;
        }
        state.timerArmed = false;
        silences.inc();
        EpochPlan proposed = propose(state, Observation.NONE, nowMicros);
        emit(scheduler.onSilence(state, new VmId(context.getCurrentKey()), proposed, nowMicros), out);
        states.update(state);
    }

    private VmState current() throws IOException {
        @Nullable VmState kept = states.value();
        return kept == null ? new VmState() : kept;
    }

    private EpochPlan propose(VmState state, Observation observation, long nowMicros) throws IOException {
        return step(registry.named(scheduler.policyName(state, nowMicros)), state, observation, nowMicros);
    }

    private <S> EpochPlan step(CheckpointPolicy<S> policy, VmState state, Observation observation, long nowMicros)
            throws IOException {
        CheckpointPolicy.Step<S> step =
                policy.step(policyStates.load(policy), observation, scheduler.objectives(state, nowMicros));
        policyStates.store(policy, step.state());
        return step.plan();
    }

    private void emit(Outcome outcome, Collector<Outgoing> out) {
        for (WorkerCommand command : outcome.commands()) {
            commands.inc();
            out.collect(Outgoing.of(topics.commands(), RecordKeys.of(command.vm()), WIRE.encode(command)));
        }
        for (Decision decision : outcome.decisions()) {
            decisions.inc();
            out.collect(Outgoing.of(topics.decisions(), RecordKeys.of(decision.vm()), WIRE.encode(decision)));
        }
    }

    private void reject(Inbound inbound, String why, Context context) {
        rejected.inc();
        context.output(Triage.REJECTED, Outgoing.rejected(topics.rejected(), inbound.raw(), why));
    }

    private static void arm(Context context, long atMicros) {
        context.timerService().registerProcessingTimeTimer(atMicros / 1000 + 1);
    }
}
