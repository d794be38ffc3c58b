package io.lull.job.stream;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Moves {@link Inbound} between tasks as the bytes that it came as, and decodes them again on the other side; only
 * samples, which are most of what comes, take their fields along beside the bytes. Nothing falls to a generic serializer.
 */
public final class InboundSerializer extends TypeSerializerSingleton<Inbound> {
    public static final InboundSerializer INSTANCE = new InboundSerializer();

    private static final long serialVersionUID = 1L;
    /** Longest host name that goes along as a field; {@code writeUTF} takes no more than 64 KiB. */
    private static final int MAX_HOST_CHARS = 1000;

    private static final Input[] INPUTS = Input.values();

    @Override
    public boolean isImmutableType() {
        return true;
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
        RawRecord raw = inbound.raw();
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
        if (inbound instanceof Inbound.Sample sample && sample.sample().hostId().length() <= MAX_HOST_CHARS) {
            target.writeBoolean(true);
            SampleFields.write(sample.sample(), target);
        } else {
            target.writeBoolean(false);
        }
    }

    @Override
    public Inbound deserialize(DataInputView source) throws IOException {
        Input input = INPUTS[source.readByte()];
        RawRecord raw = new RawRecord(
                input,
                source.readUTF(),
                source.readInt(),
                source.readLong(),
                source.readLong(),
                source.readBoolean(),
                readBytes(source),
                source.readBoolean(),
                readBytes(source));
        return source.readBoolean()
                ? new Inbound.Sample(raw, SampleFields.read(source))
                : InboundDecoder.decode(raw).orElseThrow();
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
            super(() -> INSTANCE);
        }
    }
}
