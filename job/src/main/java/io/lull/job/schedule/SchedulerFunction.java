package io.lull.job.schedule;

import io.lull.job.stream.Inbound;
import io.lull.job.stream.Outgoing;
import io.lull.job.stream.Triage;
import io.lull.policy.CheckpointPolicy;
import io.lull.policy.Decision;
import io.lull.policy.Objectives;
import io.lull.policy.PolicyState;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.signal.EpochReport;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.wire.Wire;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
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
    private transient Operators operators;
    private transient VmScheduler scheduler;
    private transient Map<String, LiveVm> lives;
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
        operators = new Operators(settings, registry);
        scheduler = new VmScheduler(settings);
        lives = new HashMap<>();
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
            LiveVm live = live(state, context.getCurrentKey(), nowMicros);
            live.input.sample.load(sample.sample());
            emit(onSample(policyOf(live), state, live, nowMicros), out);
            if (!state.timerArmed) {
                state.timerArmed = true;
                arm(context, nowMicros + settings.stalenessMicros());
            }
        } else if (inbound instanceof Inbound.Report report) {
            LiveVm live = live(state, context.getCurrentKey(), nowMicros);
            scheduler.onReport(state, report.report());
            onReport(policyOf(live), report.report(), live.terms().objectives());
        } else if (inbound instanceof Inbound.Intent intent) {
            operators.takeUp(state, intent.intent()).ifPresent(why -> reject(inbound, why, context));
            live(state, context.getCurrentKey(), nowMicros).agree(operators.termsAt(state, nowMicros));
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
        LiveVm live = live(state, context.getCurrentKey(), nowMicros);
        emit(scheduler.onSilence(state, live, proposal(policyOf(live), live), nowMicros), out);
        lives.remove(context.getCurrentKey());
        states.update(state);
    }

    private VmState current() throws IOException {
        @Nullable VmState kept = states.value();
        return kept == null ? new VmState() : kept;
    }

    private LiveVm live(VmState state, String vm, long nowMicros) {
        @Nullable LiveVm live = lives.get(vm);
        if (live == null) {
            live = new LiveVm(new VmId(vm), operators.termsAt(state, nowMicros));
            lives.put(vm, live);
        } else if (!live.terms().holdsAt(nowMicros)) {
            live.agree(operators.termsAt(state, nowMicros));
        }
        return live;
    }

    private CheckpointPolicy<?> policyOf(LiveVm live) {
        return registry.named(live.terms().policy());
    }

    private <S extends PolicyState> Outcome onSample(
            CheckpointPolicy<S> policy, VmState state, LiveVm live, long nowMicros) throws IOException {
        S memory = policyStates.load(policy);
        Objectives objectives = live.terms().objectives();
        policy.onSample(memory, live.input.sample, objectives);
        policyStates.store(policy, memory);
        return scheduler.onSample(state, live, new Proposal<>(policy, memory, objectives), nowMicros);
    }

    private <S extends PolicyState> void onReport(CheckpointPolicy<S> policy, EpochReport report, Objectives objectives)
            throws IOException {
        S memory = policyStates.load(policy);
        policy.onReport(memory, report, objectives);
        policyStates.store(policy, memory);
    }

    private <S extends PolicyState> Proposal<S> proposal(CheckpointPolicy<S> policy, LiveVm live) throws IOException {
        return new Proposal<>(policy, policyStates.load(policy), live.terms().objectives());
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
