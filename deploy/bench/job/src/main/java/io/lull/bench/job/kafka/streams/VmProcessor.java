package io.lull.bench.job.kafka.streams;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.Decision;
import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.Objectives;
import io.lull.policy.PolicyState;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.guard.GuardChain;
import io.lull.policy.guard.GuardInput;
import io.lull.policy.guard.GuardedPlan;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.IdleVerdict;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VmSample;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * One step for each sample: the policy learns, the detector judges, guards look at the plan, and it is sent when it is
 * another one or due again; windows are summed up. The policies, detector and guards are those that the job runs.
 *
 * <p>It knows no operators, reports, silence, or hosts to choose between, which the job does: the comparison is made in
 * favour of Kafka Streams. Its state stands by host, not by VM, which saves it a way through the broker.
 *
 * @param <S> what the policy remembers of a VM
 */
final class VmProcessor<S extends PolicyState> implements Processor<byte[], byte[], byte[], byte[]> {
    static final String VMS = "vms";
    static final String POLICY = "policy";
    static final String COMMANDS = "commands";
    static final String DECISIONS = "decisions";
    static final String METRICS = "metrics";

    private static final Wire WIRE = new Wire();

    private final CheckpointPolicy<S> policy;
    private final StreamsOptions options;
    private final Objectives objectives = Objectives.DEFAULT;
    private final GuardChain guards;
    private final SampleView view = new SampleView();
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<String, VmMemory> vms;
    private KeyValueStore<String, S> memories;

    @SuppressWarnings("NullAway.Init") // The stores are handed over in init().
    VmProcessor(CheckpointPolicy<S> policy, StreamsOptions options) {
        this.policy = policy;
        this.options = options;
        this.guards = GuardChain.standard(options.stalenessMicros());
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> handed) {
        context = handed;
        vms = handed.getStateStore(VMS);
        memories = handed.getStateStore(POLICY);
    }

    @Override
    public void process(Record<byte[], byte[]> tick) {
        try {
            WIRE.readSamples(tick.value(), this::step, other -> {
                throw new IllegalStateException("the benchmark writes samples of today's schema");
            });
        } catch (BadRecordException e) {
            throw new IllegalStateException("the benchmark writes no bad records", e);
        }
    }

    private void step(VmSample sample) {
        String vm = sample.vm().value();
        VmMemory kept = vms.get(vm);
        VmMemory memory = kept == null ? new VmMemory() : kept;
        S keptLearned = memories.get(vm);
        S learned = keptLearned == null ? policy.initialState() : keptLearned;
        long nowMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        memory.lastSeenMicros = nowMicros;
        boolean wasIdle = memory.idle.verdict != IdleVerdict.NONE && memory.idle.epoch == sample.epoch();
        policy.onSample(learned, view.load(sample), objectives);
        IdleSlotDetector.update(memory.idle, view, IdleRule.DEFAULT);
        boolean idle = memory.idle.verdict != IdleVerdict.NONE;
        boolean changed = memory.sentAtMicros == 0 || memory.sentRevision != learned.revision;
        if (changed || nowMicros - memory.sentAtMicros >= options.reassertMicros()) {
            send(memory, learned, sample, changed, nowMicros);
        }
        VmWindows.add(
                memory, sample.vm(), view, idle, idle && !wasIdle, window -> forward(METRICS, vm, WIRE.encode(window)));
        memories.put(vm, learned);
        vms.put(vm, memory);
    }

    private void send(VmMemory memory, S learned, VmSample sample, boolean changed, long nowMicros) {
        EpochPlan proposed = policy.plan(learned, objectives);
        GuardedPlan guarded = guards.apply(
                proposed, new GuardInput(nowMicros, memory.lastSeenMicros, HardLimits.DEFAULT, Optional.empty()));
        if (guarded.plan().isEmpty()) {
            return;
        }
        EpochPlan plan = guarded.plan().get();
        if (changed) {
            memory.decisionId = nextId(memory, nowMicros);
            forward(DECISIONS, sample.vm().value(), WIRE.encode(decision(memory, plan, guarded, sample, nowMicros)));
        }
        memory.sentAtMicros = nowMicros;
        memory.sentRevision = learned.revision;
        LeasedPlan leased =
                new LeasedPlan(nextId(memory, nowMicros), plan, sample.sampledAtMicros() + options.leaseMicros());
        StandingPlan standing = new StandingPlan(sample.vm(), memory.decisionId, leased);
        forward(COMMANDS, RecordKeys.of(sample.vm()), WIRE.encode(standing));
    }

    private Decision decision(VmMemory memory, EpochPlan plan, GuardedPlan guarded, VmSample sample, long nowMicros) {
        return new Decision(
                sample.vm(),
                memory.decisionId,
                nowMicros,
                sample.epoch(),
                plan.policy(),
                Decision.Kind.PLAN,
                List.of(
                        new Decision.NamedValue("elapsedNanos", view.elapsedNanos),
                        new Decision.NamedValue("busyRatio", view.busyRatio),
                        new Decision.NamedValue("heldPackets", view.heldPackets),
                        new Decision.NamedValue("requestsPending", view.requestsPending)),
                List.of(plan.policy() + " " + plan.minEpochNanos() / 1000 + " to " + plan.maxEpochNanos() / 1000
                        + " us"),
                guarded.changedBy(),
                guarded.reason());
    }

    private void forward(String to, String key, byte[] value) {
        context.forward(new Record<>(key.getBytes(StandardCharsets.UTF_8), value, 0), to);
    }

    private static long nextId(VmMemory memory, long nowMicros) {
        memory.lastId = Math.max(memory.lastId + 1, nowMicros);
        return memory.lastId;
    }
}
