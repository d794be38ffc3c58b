package io.lull.job.schedule;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.RecordedMetrics;
import io.lull.job.monitor.JobMetric;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.Outgoing;
import io.lull.job.stream.Triage;
import io.lull.policy.Decision;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.schemas.wire.BadRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** A {@link SchedulerFunction} on a hand-moved clock. */
final class SchedulerHarness implements AutoCloseable {
    static final long START_MICROS = 1_700_000_000_000_000L;
    static final SchedulerFunction.OutputTopics TOPICS =
            new SchedulerFunction.OutputTopics("commands", "decisions", "rejected");

    static final long FORGET_MICROS = 60_000_000;

    private final RecordedMetrics metrics = new RecordedMetrics();
    private final AtomicLong nowMicros;
    private final KeyedOneInputStreamOperatorTestHarness<String, Inbound, Outgoing> harness;
    private int commandsRead;
    private int decisionsRead;

    SchedulerHarness(SchedulerSettings settings) throws Exception {
        this(settings, START_MICROS, null);
    }

    SchedulerHarness(SchedulerSettings settings, long startMicros, @Nullable OperatorSubtaskState restored)
            throws Exception {
        nowMicros = new AtomicLong(startMicros);
        SchedulerFunction function = new SchedulerFunction(settings, TOPICS, nowMicros::get);
        harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(function), Inbound::vmName, Types.STRING, metrics.environment(128));
        harness.setup(Outgoing.TYPE.createSerializer(new SerializerConfigImpl()));
        harness.getExecutionConfig().disableObjectReuse();
        harness.setProcessingTime(startMicros / 1000);
        if (restored != null) {
            harness.initializeState(restored);
        }
        harness.open();
    }

    static SchedulerSettings settings(String policy, TriggerPlacement placement) {
        return new SchedulerSettings(
                policy, 25_000_000, 50_000_000, placement, 2_000_000, 500_000, 1_000_000, FORGET_MICROS, 50_000);
    }

    /** Moves both clocks, and with them the timers. */
    void advanceMillis(long millis) throws Exception {
        nowMicros.addAndGet(millis * 1000);
        harness.setProcessingTime(nowMicros.get() / 1000);
    }

    /** Sets the job's clock back; its timers go by time as it passes. */
    void setBackMillis(long millis) {
        nowMicros.addAndGet(-millis * 1000);
    }

    /** Has all timers fire up to a time that the job's clock showed before it was set back, or would have by now. */
    void fireUpTo(long micros) throws Exception {
        harness.setProcessingTime(micros / 1000);
        harness.setProcessingTime(nowMicros.get() / 1000);
    }

    long nowMicros() {
        return nowMicros.get();
    }

    void send(Inbound inbound) throws Exception {
        harness.processElement(inbound, inbound.eventMillis());
    }

    OperatorSubtaskState snapshot() throws Exception {
        return harness.snapshot(1, 1);
    }

    int timers() {
        return harness.numProcessingTimeTimers();
    }

    RecordedMetrics metrics() {
        return metrics;
    }

    long count(JobMetric metric) {
        return metrics.count(metric);
    }

    int gauge(JobMetric metric) {
        return metrics.gauge(metric);
    }

    /** How many values Flink keeps, of all VMs. */
    int states() {
        return harness.numKeyedStateEntries();
    }

    /** What came out since the last call, decoded. */
    Sent sent() throws BadRecordException {
        Sent sent = new Sent(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<Outgoing> commands = harness.extractOutputValues();
        for (Outgoing outgoing : commands.subList(commandsRead, commands.size())) {
            WorkerCommand command = Inbounds.WIRE.decodeCommand(outgoing.value());
            if (command instanceof StandingPlan plan) {
                sent.plans.add(plan);
            } else {
                sent.ends.add((EndEpoch) command);
            }
        }
        commandsRead = commands.size();
        List<Outgoing> decisions = side(SchedulerFunction.DECISIONS);
        for (Outgoing outgoing : decisions.subList(decisionsRead, decisions.size())) {
            sent.decisions.add(Inbounds.WIRE.decodeDecision(outgoing.value()));
        }
        decisionsRead = decisions.size();
        return sent;
    }

    /** The rejected records so far. */
    List<Outgoing> rejected() {
        return side(Triage.REJECTED);
    }

    private List<Outgoing> side(OutputTag<Outgoing> tag) {
        @Nullable Queue<StreamRecord<Outgoing>> records = harness.getSideOutput(tag);
        return records == null
                ? List.of()
                : records.stream().map(StreamRecord::getValue).toList();
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }

    /** Commands by kind, and decisions, each in the order in which they came. */
    record Sent(List<StandingPlan> plans, List<EndEpoch> ends, List<Decision> decisions) {}
}
