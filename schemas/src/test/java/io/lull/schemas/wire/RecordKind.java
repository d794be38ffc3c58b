package io.lull.schemas.wire;

import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.Schema;

/**
 * One kind of record, for tests that run over all of them.
 *
 * @param schema the current schema
 * @param draw draws a value
 * @param encode its bytes
 * @param decode the value in bytes
 */
record RecordKind<T>(Schema schema, Function<RandomValues, T> draw, Function<T, byte[]> encode, Decode<T> decode) {
    interface Decode<T> {
        T decode(byte[] bytes) throws BadRecordException;
    }

    byte[] encodeAny(RandomValues values) {
        return encode.apply(draw.apply(values));
    }

    @Override
    public String toString() {
        return schema.getName();
    }

    static List<RecordKind<?>> all() {
        Wire wire = new Wire();
        return List.of(
                new RecordKind<>(
                        io.lull.schemas.avro.VmSample.getClassSchema(),
                        RandomValues::sample,
                        wire::encode,
                        wire::decodeSample),
                new RecordKind<>(
                        io.lull.schemas.avro.SampleBatch.getClassSchema(),
                        RandomValues::tick,
                        tick -> wire.encodeBatch("host-1", tick).get(0),
                        bytes -> samplesIn(wire, bytes)),
                new RecordKind<>(
                        io.lull.schemas.avro.EpochReport.getClassSchema(),
                        RandomValues::epoch,
                        wire::encode,
                        wire::decodeEpoch),
                new RecordKind<>(
                        io.lull.schemas.avro.CheckpointCommand.getClassSchema(),
                        RandomValues::command,
                        wire::encode,
                        wire::decodeCommand),
                new RecordKind<>(
                        io.lull.schemas.avro.Decision.getClassSchema(),
                        RandomValues::decision,
                        wire::encode,
                        wire::decodeDecision),
                new RecordKind<>(
                        io.lull.schemas.avro.OperatorIntent.getClassSchema(),
                        RandomValues::intent,
                        wire::encode,
                        wire::decodeIntent),
                new RecordKind<>(
                        io.lull.schemas.avro.WindowMetrics.getClassSchema(),
                        RandomValues::metrics,
                        wire::encode,
                        wire::decodeMetrics),
                new RecordKind<>(
                        io.lull.schemas.avro.ReplicationEvent.getClassSchema(),
                        RandomValues::event,
                        wire::encode,
                        wire::decodeEvent),
                new RecordKind<>(
                        io.lull.schemas.avro.FenceRecord.getClassSchema(),
                        RandomValues::fence,
                        wire::encode,
                        wire::decodeFence));
    }

    private static List<VmSample> samplesIn(Wire wire, byte[] batch) throws BadRecordException {
        List<VmSample> samples = new ArrayList<>();
        for (byte[] sample : wire.samplesIn(batch)) {
            samples.add(wire.decodeSample(sample));
        }
        return samples;
    }
}
