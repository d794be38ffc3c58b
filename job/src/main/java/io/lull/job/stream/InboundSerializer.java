package io.lull.job.stream;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Moves {@link Inbound} between tasks: samples, which are most of what comes, by their fields, and all else as the bytes
 * that it came as, to be decoded again on the other side. Nothing falls to a generic serializer.
 */
public final class InboundSerializer extends TypeSerializer<Inbound> {
    private static final long serialVersionUID = 1L;
    private static final Input[] INPUTS = Input.values();

    /** In the place of an input: a sample by its fields. */
    private static final int SAMPLE = INPUTS.length;

    /** For the task that reads; what goes over the wire has no fields of this. */
    private transient @Nullable SampleFields fields;

    @Override
    public boolean isImmutableType() {
        return true;
    }

    /** What is read into is not shared. */
    @Override
    public TypeSerializer<Inbound> duplicate() {
        return new InboundSerializer();
    }

    @Override
    public Inbound createInstance() {
        RawRecord nothing = new RawRecord(Input.TELEMETRY, "", 0, 0, 0, false, new byte[0], true, new byte[0]);
        return new Inbound.Rejected(nothing, "no record");
    }

    @Override
    public Inbound copy(Inbound from) {
        return from;
    }

    @Override
    public Inbound copy(Inbound from, Inbound reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(Inbound inbound, DataOutputView target) throws IOException {
        if (inbound instanceof Inbound.Sample sample) {
            target.writeByte(SAMPLE);
            target.writeLong(sample.appendedMillis());
            SampleFields.write(sample.sample(), target);
        } else if (inbound instanceof Inbound.Report report) {
            write(report.raw(), target);
        } else if (inbound instanceof Inbound.Intent intent) {
            write(intent.raw(), target);
        } else if (inbound instanceof Inbound.Withdrawal withdrawal) {
            write(withdrawal.raw(), target);
        } else if (inbound instanceof Inbound.Rejected rejected) {
            write(rejected.raw(), target);
        }
    }

    private static void write(RawRecord raw, DataOutputView target) throws IOException {
        target.writeByte(raw.input().ordinal());
        target.writeUTF(raw.topic());
        target.writeInt(raw.partition());
        target.writeLong(raw.offset());
        target.writeLong(raw.appendedMillis());
        target.writeBoolean(raw.hasKey());
        target.writeInt(raw.key().length);
        target.write(raw.key());
        target.writeBoolean(raw.hasValue());
        target.writeInt(raw.value().length);
        target.write(raw.value());
    }

    @Override
    public Inbound deserialize(DataInputView source) throws IOException {
        int kind = source.readByte();
        if (kind == SAMPLE) {
            SampleFields reader = fields;
            if (reader == null) {
                reader = new SampleFields();
                fields = reader;
            }
            return new Inbound.Sample(source.readLong(), reader.read(source));
        }
        RawRecord raw = new RawRecord(
                INPUTS[kind],
                source.readUTF(),
                source.readInt(),
                source.readLong(),
                source.readLong(),
                source.readBoolean(),
                readBytes(source),
                source.readBoolean(),
                readBytes(source));
        return InboundDecoder.decode(raw).orElseThrow();
    }

    @Override
    public Inbound deserialize(Inbound reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InboundSerializer;
    }

    @Override
    public int hashCode() {
        return InboundSerializer.class.hashCode();
    }

    @Override
    public TypeSerializerSnapshot<Inbound> snapshotConfiguration() {
        return new Snapshot();
    }

    private static byte[] readBytes(DataInputView source) throws IOException {
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        return bytes;
    }

    /** Says that the serializer has no configuration. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Inbound> {
        public Snapshot() {
            super(InboundSerializer::new);
        }
    }
}
