package io.lull.job.metrics;

import io.lull.job.fixture.Inbounds;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.Outgoing;
import io.lull.policy.signal.WindowMetrics;
import io.lull.schemas.wire.BadRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/** A {@link MetricsFunction} on hand-sent watermarks. */
final class MetricsHarness implements AutoCloseable {
    private final KeyedOneInputStreamOperatorTestHarness<String, Inbound, Outgoing> harness;

    MetricsHarness() throws Exception {
        this(null);
    }

    MetricsHarness(@Nullable OperatorSubtaskState restored) throws Exception {
        harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new MetricsFunction("metrics", "rejected")),
                Inbound::vmName,
                Types.STRING,
                128,
                1,
                0);
        harness.setup(Outgoing.TYPE.createSerializer(new SerializerConfigImpl()));
        if (restored != null) {
            harness.initializeState(restored);
        }
        harness.open();
    }

    void send(Inbound inbound) throws Exception {
        harness.processElement(inbound, inbound.eventMillis());
    }

    void watermark(long atMillis) throws Exception {
        harness.processWatermark(new Watermark(atMillis));
    }

    OperatorSubtaskState snapshot() throws Exception {
        return harness.snapshot(1, 1);
    }

    int timers() {
        return harness.numEventTimeTimers();
    }

    List<WindowMetrics> windows() throws BadRecordException {
        List<WindowMetrics> windows = new ArrayList<>();
        for (Outgoing outgoing : harness.extractOutputValues()) {
            windows.add(Inbounds.WIRE.decodeMetrics(outgoing.value()));
        }
        return windows;
    }

    List<Outgoing> late() {
        @Nullable Queue<StreamRecord<Outgoing>> late = harness.getSideOutput(MetricsFunction.LATE);
        return late == null
                ? List.of()
                : late.stream().map(StreamRecord::getValue).toList();
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }
}
