package io.lull.bench.job.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Values as bytes by Flink's own serializer, so that the state of all contenders is written the same way. For one
 * thread.
 *
 * @param <T> a class with public fields
 */
public final class PojoBytes<T> {
    private static final int BEGIN_BYTES = 1024;

    private final TypeSerializer<T> serializer;
    private final DataOutputSerializer out = new DataOutputSerializer(BEGIN_BYTES);
    private final DataInputDeserializer in = new DataInputDeserializer();

    public PojoBytes(Class<T> type) {
        serializer = TypeInformation.of(type).createSerializer(new SerializerConfigImpl());
    }

    public byte[] write(T value) {
        try {
            out.clear();
            serializer.serialize(value, out);
            return out.getCopyOfBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException("a write to memory failed", e);
        }
    }

    public T read(byte[] bytes) {
        try {
            in.setBuffer(bytes);
            return serializer.deserialize(in);
        } catch (IOException e) {
            throw new UncheckedIOException("a read from memory failed", e);
        }
    }
}
