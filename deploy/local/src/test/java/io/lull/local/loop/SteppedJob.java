package io.lull.local.loop;

import io.lull.job.schedule.SchedulerFunction;
import io.lull.job.schedule.SchedulerSettings;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.InboundDecoder;
import io.lull.job.stream.Input;
import io.lull.job.stream.Outgoing;
import io.lull.job.stream.RawRecord;
import io.lull.policy.OperatorIntent;
import io.lull.policy.WorkerCommand;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/**
 * The job's scheduling operator on a clock that the test moves: bytes in, bytes out, as between Kafka and Kafka. One VM's
 * records; the job's state is kept by Flink.
 */
final class SteppedJob implements AutoCloseable {
    private static final SchedulerFunction.OutputTopics TOPICS =
            new SchedulerFunction.OutputTopics("commands", "decisions", "rejected");
    private static final int MOST_SUBTASKS = 128;

    private final Wire wire = new Wire();
    private final AtomicLong nowMicros = new AtomicLong();
    private final KeyedOneInputStreamOperatorTestHarness<String, Inbound, Outgoing> harness;
    private long offset;

    SteppedJob(SchedulerSettings settings) throws Exception {
        SchedulerFunction function = new SchedulerFunction(settings, TOPICS, nowMicros::get);
        harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(function), Inbound::vmName, Types.STRING, MOST_SUBTASKS, 1, 0);
        harness.setup(Outgoing.TYPE.createSerializer(new SerializerConfigImpl()));
        harness.setProcessingTime(0);
        harness.open();
    }

    /** Moves the job's clock, and with it its timers. */
    void at(long micros) throws Exception {
        nowMicros.set(micros);
        harness.setProcessingTime(micros / 1000);
    }

    void take(OperatorIntent intent) throws Exception {
        take(Input.INTENTS, wire.encode(intent));
    }

    void take(EpochReport report) throws Exception {
        take(Input.EPOCHS, wire.encode(report));
    }

    void take(VmSample sample) throws Exception {
        take(Input.TELEMETRY, wire.encode(sample));
    }

    private void take(Input input, byte[] value) throws Exception {
        byte[] key = "vm".getBytes(StandardCharsets.UTF_8);
        RawRecord raw =
                new RawRecord(input, "lull." + input, 0, offset++, nowMicros.get() / 1000, true, key, true, value);
        Inbound inbound = InboundDecoder.decode(raw).orElseThrow();
        if (inbound instanceof Inbound.Rejected rejected) {
            throw new AssertionError("the job can't read what the worker wrote: " + rejected.reason());
        }
        harness.processElement(inbound, inbound.eventMillis());
    }

    /** The commands that were written since the last call. */
    List<WorkerCommand> commands() throws BadRecordException {
        List<WorkerCommand> commands = new ArrayList<>();
        for (Object out = harness.getOutput().poll();
                out != null;
                out = harness.getOutput().poll()) {
            if (out instanceof StreamRecord<?> written && written.getValue() instanceof Outgoing outgoing) {
                commands.add(wire.decodeCommand(outgoing.value()));
            }
        }
        return commands;
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }
}
