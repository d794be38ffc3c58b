package io.lull.job.schedule;

import io.lull.job.admit.Admission;
import io.lull.job.admit.AdmissionState;
import io.lull.job.admit.Verdict;
import io.lull.job.state.PackedSerializer;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.Outgoing;
import io.lull.job.stream.Triage;
import io.lull.policy.Decision;
import io.lull.policy.WorkerCommand;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.wire.Wire;
import java.io.IOException;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the policy of each VM on its samples, reports and intents, and sends what {@link VmScheduler} makes of it.
 * Commands are the main output, decisions go to {@link #DECISIONS}, intents that can't be followed to {@link
 * Triage#REJECTED}.
 *
 * <p>Keyed by VM, intents too: an order goes to the one subtask that has its VM, and stands in the same Flink checkpoint
 * as what follows from it. Broadcast, each order would be kept by all subtasks. Decisions are made as samples arrive, not
 * on the watermark, which waits for others. {@link VmTimer} wakes a VM for three deadlines: its telemetry is silent, it
 * has been silent for so long that it is forgotten, and an order of a VM that is not there expires.
 */
public final class SchedulerFunction extends KeyedProcessFunction<String, Inbound, Outgoing> {
    /** Records for the topic of decisions. */
    public static final OutputTag<Outgoing> DECISIONS = new OutputTag<>("decisions", Outgoing.TYPE);

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerFunction.class);
    private static final Wire WIRE = new Wire();
    private static final long SAY_EACH_MICROS = 1_000_000;

    private final SchedulerSettings settings;
    private final OutputTopics topics;
    private final MicrosClock clock;
    private transient Operators operators;
    private transient Admission admission;
    private transient VmScheduler scheduler;
    private transient LiveVms lives;
    private transient SchedulerMeters meters;
    private transient Map<String, PolicyRun<?>> policies;
    private transient ValueState<VmState> states;
    private transient KeptOrders keptOrders;
    private transient VmTimer timer;
    private transient long openedAtMicros;
    private transient long saidAtMicros;

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
        PolicyRegistry registry = PolicyRegistry.standard();
        operators = new Operators(settings, registry);
        admission = new Admission(settings.stalenessMicros());
        scheduler = new VmScheduler(settings);
        lives = new LiveVms();
        meters = new SchedulerMeters(getRuntimeContext().getMetricGroup(), lives);
        policies = PolicyRun.all(registry, getRuntimeContext());
        states = getRuntimeContext().getState(new ValueStateDescriptor<>("vm", PackedSerializer.of(VmState.class)));
        keptOrders = new KeptOrders(getRuntimeContext());
        timer = new VmTimer(getRuntimeContext());
        openedAtMicros = clock.nowMicros();
    }

    @Override
    public void processElement(Inbound inbound, Context context, Collector<Outgoing> out) throws IOException {
        long nowMicros = nowMicros();
        if (inbound instanceof Inbound.Sample sample) {
            onSample(sample, context, nowMicros, out);
        } else if (inbound instanceof Inbound.Report report) {
            onReport(report, context, nowMicros);
        } else if (inbound instanceof Inbound.Intent intent) {
            Orders orders = keptOrders.get();
            operators.takeUp(orders, intent.intent()).ifPresent(why -> reject(intent, why, context));
            ordersChanged(orders, context, nowMicros);
        } else if (inbound instanceof Inbound.Withdrawal withdrawal) {
            Orders orders = keptOrders.get();
            orders.bySlot.remove(withdrawal.slot());
            ordersChanged(orders, context, nowMicros);
        }
    }

    private void onSample(Inbound.Sample sample, Context context, long nowMicros, Collector<Outgoing> out)
            throws IOException {
        @Nullable VmState kept = states.value();
        VmState state = kept == null ? new VmState() : kept;
        String believed = state.admission.host;
        Verdict verdict = admission.onSample(state.admission, sample.sample(), nowMicros);
        meters.count(verdict);
        if (!verdict.admitted()) {
            return;
        }
        if (verdict != Verdict.NEXT) {
            sayNewCount(sample.vmName(), believed, state.admission, verdict, nowMicros);
            scheduler.onNewCount(state);
        }
        LiveVm live = live(context.getCurrentKey(), nowMicros);
        live.sample.load(sample.sample());
        PolicyRun<?> policy = policyOf(live.terms());
        Proposal<?> proposal = policy.onSample(state, live.sample, live.terms().objectives());
        Outcome outcome = scheduler.onSample(state, live, proposal, nowMicros);
        states.update(state);
        send(outcome, policy, sample, context, out);
        if (live.beginsToBeWatched()) {
            timer.arm(context.timerService(), nowMicros + settings.stalenessMicros());
        }
    }

    /** Two workers that both report a VM make each sample such a one. */
    private void sayNewCount(String vm, String believed, AdmissionState now, Verdict verdict, long nowMicros) {
        if (nowMicros >= saidAtMicros && nowMicros - saidAtMicros < SAY_EACH_MICROS) {
            return;
        }
        saidAtMicros = nowMicros;
        LOG.info(
                "VM {}: {} -> {}, epoch {}: {} (at most one such line a second)",
                vm,
                believed,
                now.host,
                now.epoch,
                verdict);
    }

    private void onReport(Inbound.Report report, Context context, long nowMicros) throws IOException {
        @Nullable VmState state = states.value();
        Verdict verdict = state == null ? Verdict.UNKNOWN_VM : admission.onReport(state.admission, report.report());
        meters.count(verdict);
        if (state == null || !verdict.admitted()) {
            return;
        }
        // A report alone does not bring a silent VM back.
        Terms terms = lives.get(context.getCurrentKey()) == null
                ? operators.termsAt(keptOrders.get(), nowMicros)
                : live(context.getCurrentKey(), nowMicros).terms();
        scheduler.onReport(state, report.report());
        policyOf(terms).onReport(state, report.report(), terms.objectives());
        meters.onReport(report.report());
        states.update(state);
    }

    private void ordersChanged(Orders orders, Context context, long nowMicros) throws IOException {
        keptOrders.keep(orders, nowMicros);
        @Nullable LiveVm live = lives.get(context.getCurrentKey());
        if (live != null) {
            lives.agree(live, operators.termsAt(orders, nowMicros));
        } else if (states.value() == null) {
            meters.unknownVm.inc();
            armForOrders(orders, context, nowMicros);
        }
    }

    @Override
    public void onTimer(long timestampMillis, OnTimerContext context, Collector<Outgoing> out) throws IOException {
        timer.fired();
        long nowMicros = nowMicros();
        @Nullable VmState state = states.value();
        if (state == null) {
            Orders orders = keptOrders.get();
            keptOrders.keep(orders, nowMicros);
            armForOrdersAgain(orders, context, nowMicros, timestampMillis);
            return;
        }
        // Time in which the job did not run is no silence of the VM's.
        long silentSinceMicros = Math.max(state.admission.seenAtMicros, openedAtMicros);
        if (nowMicros - silentSinceMicros < settings.stalenessMicros()) {
            armAgain(context, silentSinceMicros + settings.stalenessMicros(), timestampMillis);
        } else if (nowMicros - silentSinceMicros < settings.forgetMicros()) {
            silence(state, context, nowMicros);
            armAgain(context, silentSinceMicros + settings.forgetMicros(), timestampMillis);
        } else {
            forget(context, nowMicros, timestampMillis);
        }
    }

    private void armAgain(OnTimerContext context, long atMicros, long firesMillis) throws IOException {
        boolean inTime = timer.armAgain(context.timerService(), atMicros, firesMillis);
        @Nullable LiveVm live = lives.get(context.getCurrentKey());
        if (!inTime && live != null) {
            live.watchAnew();
        }
    }

    private void silence(VmState state, OnTimerContext context, long nowMicros) throws IOException {
        LiveVm live = live(context.getCurrentKey(), nowMicros);
        Proposal<?> proposal =
                policyOf(live.terms()).proposal(state, live.terms().objectives());
        for (Decision decision :
                scheduler.onSilence(state, live, proposal, nowMicros).decisions()) {
            meters.silences.inc();
            send(decision, context);
        }
        lives.remove(context.getCurrentKey());
        states.update(state);
    }

    private void forget(OnTimerContext context, long nowMicros, long firesMillis) throws IOException {
        LOG.info("VM {}: silent for {} s, forgotten", context.getCurrentKey(), settings.forgetMicros() / 1_000_000);
        meters.forgotten.inc();
        lives.remove(context.getCurrentKey());
        states.clear();
        policies.values().forEach(PolicyRun::forget);
        Orders orders = keptOrders.get();
        keptOrders.keep(orders, nowMicros);
        armForOrdersAgain(orders, context, nowMicros, firesMillis);
    }

    /** The time; one that the job's clock was set back to is no earlier than its start. */
    private long nowMicros() {
        long nowMicros = clock.nowMicros();
        openedAtMicros = Math.min(openedAtMicros, nowMicros);
        return nowMicros;
    }

    private void armForOrders(Orders orders, Context context, long nowMicros) throws IOException {
        long lapseMicros = orders.firstLapseMicros(nowMicros);
        if (lapseMicros != Long.MAX_VALUE) {
            timer.arm(context.timerService(), lapseMicros);
        }
    }

    private void armForOrdersAgain(Orders orders, OnTimerContext context, long nowMicros, long firesMillis)
            throws IOException {
        long lapseMicros = orders.firstLapseMicros(nowMicros);
        if (lapseMicros != Long.MAX_VALUE) {
            timer.armAgain(context.timerService(), lapseMicros, firesMillis);
        }
    }

    private LiveVm live(String vm, long nowMicros) throws IOException {
        @Nullable LiveVm live = lives.get(vm);
        if (live == null) {
            return lives.add(vm, operators.termsAt(keptOrders.get(), nowMicros));
        }
        if (!live.terms().holdsAt(nowMicros)) {
            lives.agree(live, operators.termsAt(keptOrders.get(), nowMicros));
        }
        return live;
    }

    private PolicyRun<?> policyOf(Terms terms) {
        PolicyRun<?> policy = policies.get(terms.policy());
        if (policy == null) {
            throw new IllegalStateException("policy " + terms.policy() + " is not registered");
        }
        return policy;
    }

    private void send(
            Outcome outcome, PolicyRun<?> policy, Inbound.Sample sample, Context context, Collector<Outgoing> out) {
        for (WorkerCommand command : outcome.commands()) {
            out.collect(Outgoing.of(topics.commands(), RecordKeys.of(command.vm()), WIRE.encode(command)));
            policy.count(command);
            meters.onCommand(sample.sample().sampledAtMicros(), sample.appendedMillis(), nowMicros());
        }
        for (Decision decision : outcome.decisions()) {
            send(decision, context);
        }
    }

    private void send(Decision decision, Context context) {
        meters.decisions.inc();
        context.output(DECISIONS, Outgoing.of(topics.decisions(), RecordKeys.of(decision.vm()), WIRE.encode(decision)));
    }

    private void reject(Inbound.Intent intent, String why, Context context) {
        meters.intentsRejected.inc();
        context.output(Triage.REJECTED, Outgoing.rejected(topics.rejected(), intent.raw(), why));
    }
}
