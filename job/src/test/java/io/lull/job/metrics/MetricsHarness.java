package io.lull.job.metrics;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Intents;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.Outgoing;
import io.lull.policy.OperatorIntent;
import io.lull.policy.signal.WindowMetrics;
import io.lull.schemas.wire.BadRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingTaskMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/** A {@link MetricsFunction} on hand-sent watermarks and a hand-moved clock: one subtask of some. */
final class MetricsHarness implements AutoCloseable {
    private static final int MAX_PARALLELISM = 128;

    /** How often time goes on in a silence. */
    private static final long STEP_MILLIS = 100;

    private final InterceptingOperatorMetricGroup counters = new InterceptingOperatorMetricGroup();
    private final AtomicLong nowMicros;
    private final KeyedOneInputStreamOperatorTestHarness<String, Inbound, Outgoing> harness;

    /** Windows are not made of it, and yet the subtask looks at the time. */
    private final Inbound nothing;

    private final int subtasks;
    private final int subtask;

    MetricsHarness() throws Exception {
        this(null, 0);
    }

    /** One that goes on from a Flink checkpoint, if there is one, and is started at {@code clockMillis}. */
    MetricsHarness(@Nullable OperatorSubtaskState restored, long clockMillis) throws Exception {
        this(restored, clockMillis, 1, 0);
    }

    private MetricsHarness(@Nullable OperatorSubtaskState restored, long clockMillis, int subtasks, int subtask)
            throws Exception {
        this.nothing = nothingFor(subtasks, subtask);
        this.nowMicros = new AtomicLong(clockMillis * 1000);
        this.subtasks = subtasks;
        this.subtask = subtask;
        MockEnvironment environment = new MockEnvironmentBuilder()
                .setMaxParallelism(MAX_PARALLELISM)
                .setParallelism(subtasks)
                .setSubtaskIndex(subtask)
                .setMetricGroup(new InterceptingTaskMetricGroup() {
                    @Override
                    public InternalOperatorMetricGroup getOrAddOperator(
                            OperatorID id, String name, Map<String, String> variables) {
                        return counters;
                    }
                })
                .build();
        harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new MetricsFunction("metrics", nowMicros::get)),
                Inbound::vmName,
                Types.STRING,
                environment);
        harness.setup(Outgoing.TYPE.createSerializer(new SerializerConfigImpl()));
        if (restored != null) {
            harness.initializeState(restored);
        }
        harness.open();
    }

    /** The subtasks that go on from the Flink checkpoint of one. */
    static List<MetricsHarness> rescaled(OperatorSubtaskState snapshot, long clockMillis, int subtasks)
            throws Exception {
        List<MetricsHarness> all = new ArrayList<>();
        for (int i = 0; i < subtasks; i++) {
            OperatorSubtaskState part = AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    snapshot, MAX_PARALLELISM, 1, subtasks, i);
            all.add(new MetricsHarness(part, clockMillis, subtasks, i));
        }
        return all;
    }

    /** A record of no VM, under a key of this subtask. */
    private static Inbound nothingFor(int subtasks, int subtask) {
        for (int i = 0; ; i++) {
            String name = "nothing-" + i;
            if (KeyGroupRangeAssignment.assignKeyToParallelOperator(name, MAX_PARALLELISM, subtasks) == subtask) {
                return Inbounds.of(Intents.to(name, Intents.order(OperatorIntent.Kind.PAUSE, OptionalLong.empty())));
            }
        }
    }

    /** Whether this subtask is the VM's. */
    boolean owns(String vm) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(vm, MAX_PARALLELISM, subtasks) == subtask;
    }

    /** A record comes as soon as it happened, or now if that is later. */
    void live(Inbound inbound) throws Exception {
        clock(inbound.eventMillis());
        send(inbound);
    }

    void send(Inbound inbound) throws Exception {
        harness.processElement(inbound, inbound.eventMillis());
    }

    /** The subtask looks at the watermark, whether or not a timer is due. */
    void watermark(long atMillis) throws Exception {
        harness.processWatermark(new Watermark(atMillis));
        harness.processElement(nothing, 0);
    }

    /** Moves the clock on. */
    void clock(long atMillis) {
        nowMicros.accumulateAndGet(atMillis * 1000, Math::max);
    }

    /** Others go on until then, by watermark and clock, and nothing comes. */
    void silentUntil(long untilMillis) throws Exception {
        for (long atMillis = nowMicros.get() / 1000; atMillis < untilMillis; atMillis += STEP_MILLIS) {
            clock(atMillis);
            watermark(atMillis);
        }
        clock(untilMillis);
        watermark(untilMillis);
    }

    OperatorSubtaskState snapshot() throws Exception {
        return harness.snapshot(1, 1);
    }

    int timers() {
        return harness.numEventTimeTimers();
    }

    /** What a counter of the operator stands at. */
    long counter(String name) {
        return ((Counter) counters.get(name)).getCount();
    }

    int keptStates() {
        return harness.numKeyedStateEntries();
    }

    List<WindowMetrics> windows() throws BadRecordException {
        List<WindowMetrics> windows = new ArrayList<>();
        for (Outgoing outgoing : harness.extractOutputValues()) {
            windows.add(Inbounds.WIRE.decodeMetrics(outgoing.value()));
        }
        return windows;
    }

    List<Inbound> late() {
        @Nullable Queue<StreamRecord<Inbound>> late = harness.getSideOutput(MetricsFunction.LATE);
        return late == null
                ? List.of()
                : late.stream().map(StreamRecord::getValue).toList();
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }
}
