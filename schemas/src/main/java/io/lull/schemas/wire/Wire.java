package io.lull.schemas.wire;

import io.lull.policy.Decision;
import io.lull.policy.OperatorIntent;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.WorkerCommand;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.policy.signal.WindowMetrics;
import io.lull.schemas.avro.CheckpointCommand;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records on the wire as values of {@code policy}: bytes to value and back. Safe for use by many threads.
 *
 * <p>{@code decode...} takes any bytes: what is no record of the kind asked for, or holds a value that {@code policy}
 * refuses, ends in a {@link BadRecordException} and in nothing else.
 */
public final class Wire {
    private final Mapped<VmSample, io.lull.schemas.avro.VmSample> samples =
            mapped(io.lull.schemas.avro.VmSample.getClassSchema(), SampleMapper::toAvro, SampleMapper::toPolicy);
    private final SampleReader sampleReader = new SampleReader(
            io.lull.schemas.avro.VmSample.getClassSchema(), header(io.lull.schemas.avro.VmSample.getClassSchema()));
    private final SampleBatches batches = new SampleBatches();
    private final Mapped<EpochReport, io.lull.schemas.avro.EpochReport> epochs =
            mapped(io.lull.schemas.avro.EpochReport.getClassSchema(), EpochMapper::toAvro, EpochMapper::toPolicy);
    private final Mapped<WorkerCommand, CheckpointCommand> commands =
            mapped(CheckpointCommand.getClassSchema(), CommandMapper::toAvro, CommandMapper::toPolicy);
    private final Mapped<Decision, io.lull.schemas.avro.Decision> decisions =
            mapped(io.lull.schemas.avro.Decision.getClassSchema(), DecisionMapper::toAvro, DecisionMapper::toPolicy);
    private final Mapped<OperatorIntent, io.lull.schemas.avro.OperatorIntent> intents =
            mapped(io.lull.schemas.avro.OperatorIntent.getClassSchema(), IntentMapper::toAvro, IntentMapper::toPolicy);
    private final Mapped<WindowMetrics, io.lull.schemas.avro.WindowMetrics> metrics =
            mapped(io.lull.schemas.avro.WindowMetrics.getClassSchema(), MetricsMapper::toAvro, MetricsMapper::toPolicy);
    private final Mapped<ReplicationEvent, io.lull.schemas.avro.ReplicationEvent> events =
            mapped(io.lull.schemas.avro.ReplicationEvent.getClassSchema(), EventMapper::toAvro, EventMapper::toPolicy);
    private final Mapped<FenceRecord, io.lull.schemas.avro.FenceRecord> fences =
            mapped(io.lull.schemas.avro.FenceRecord.getClassSchema(), FenceMapper::toAvro, FenceMapper::toPolicy);

    public byte[] encode(VmSample sample) {
        return samples.encode(sample);
    }

    /**
     * The samples of one host's VMs at one tick, as one record, or as several when they are many; none for no samples.
     * Their key is {@link io.lull.schemas.topic.RecordKeys#ofBatch}.
     */
    public List<byte[]> encodeBatch(String hostId, List<VmSample> tick) {
        return batches.encode(hostId, tick.stream().map(this::encode).toList());
    }

    public byte[] encode(EpochReport report) {
        return epochs.encode(report);
    }

    public byte[] encode(WorkerCommand command) {
        return commands.encode(command);
    }

    public byte[] encode(Decision decision) {
        return decisions.encode(decision);
    }

    public byte[] encode(OperatorIntent intent) {
        return intents.encode(intent);
    }

    public byte[] encode(WindowMetrics window) {
        return metrics.encode(window);
    }

    public byte[] encode(ReplicationEvent event) {
        return events.encode(event);
    }

    public byte[] encode(FenceRecord record) {
        return fences.encode(record);
    }

    /**
     * What a record of the telemetry topic holds, each for {@link #decodeSample}: the records of a batch, or the record
     * itself. Only a batch that can't be taken apart ends in the exception.
     */
    public List<byte[]> samplesIn(byte[] telemetry) throws BadRecordException {
        return batches.recordsIn(telemetry);
    }

    /**
     * Hands on what a record of the telemetry topic holds, in order: samples of today's schema decoded, without a detour
     * by way of their bytes, and all else as {@link #samplesIn} has it, for {@link #decodeSample}. Only a batch that
     * can't be taken apart ends in the exception, and then nothing was handed on.
     */
    public void readSamples(byte[] telemetry, Consumer<VmSample> samplesRead, Consumer<byte[]> others)
            throws BadRecordException {
        int @Nullable [] bounds = batches.boundsIn(telemetry);
        if (bounds == null) {
            for (byte[] one : batches.recordsIn(telemetry)) {
                read(one, 0, one.length, samplesRead, others);
            }
            return;
        }
        for (int i = 0; i < bounds.length; i += 2) {
            read(telemetry, bounds[i], bounds[i + 1], samplesRead, others);
        }
    }

    private void read(byte[] telemetry, int from, int end, Consumer<VmSample> samplesRead, Consumer<byte[]> others) {
        @Nullable VmSample sample = sampleReader.read(telemetry, from, end);
        if (sample != null) {
            samplesRead.accept(sample);
        } else {
            others.accept(end - from == telemetry.length ? telemetry : Arrays.copyOfRange(telemetry, from, end));
        }
    }

    public VmSample decodeSample(byte[] bytes) throws BadRecordException {
        @Nullable VmSample sample = sampleReader.read(bytes);
        return sample == null ? samples.decode(bytes) : sample;
    }

    public EpochReport decodeEpoch(byte[] bytes) throws BadRecordException {
        return epochs.decode(bytes);
    }

    public WorkerCommand decodeCommand(byte[] bytes) throws BadRecordException {
        return commands.decode(bytes);
    }

    public Decision decodeDecision(byte[] bytes) throws BadRecordException {
        return decisions.decode(bytes);
    }

    public OperatorIntent decodeIntent(byte[] bytes) throws BadRecordException {
        return intents.decode(bytes);
    }

    public WindowMetrics decodeMetrics(byte[] bytes) throws BadRecordException {
        return metrics.decode(bytes);
    }

    public ReplicationEvent decodeEvent(byte[] bytes) throws BadRecordException {
        return events.decode(bytes);
    }

    public FenceRecord decodeFence(byte[] bytes) throws BadRecordException {
        return fences.decode(bytes);
    }

    private static byte[] header(Schema schema) {
        return new SingleObjectFraming(schema, List.of()).header();
    }

    private static <P, A extends SpecificRecord> Mapped<P, A> mapped(
            Schema schema, Function<P, A> toAvro, Function<A, P> toPolicy) {
        return new Mapped<>(AvroCodec.singleObject(schema), schema, toAvro, toPolicy);
    }
}
