package io.lull.job.state;

import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.java.typeutils.runtime.PojoSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * What stands beside a savepoint of how its state was packed: names and types of all fields.
 *
 * <pre>
 * same fields                                   read as it is
 * fields came, went or moved; constants came    read by the old shape and written anew
 * a field's type is another; constants went     refused
 * written by Flink's serializer of POJOs        read by that and written anew, unless that refuses it
 * </pre>
 *
 * @param <T> the state's class
 */
public final class PackedSnapshot<T> implements TypeSerializerSnapshot<T> {
    private static final int VERSION = 1;

    private @Nullable Class<T> type;
    private @Nullable Shape shape;

    /** For Flink, which fills it by {@link #readSnapshot}. */
    public PackedSnapshot() {}

    PackedSnapshot(Class<T> type, Shape shape) {
        this.type = type;
        this.shape = shape;
    }

    @Override
    public int getCurrentVersion() {
        return VERSION;
    }

    @Override
    public void writeSnapshot(DataOutputView out) throws IOException {
        out.writeUTF(type().getName());
        byte[] described = PackedSerializer.described(shape());
        out.writeInt(described.length);
        out.write(described);
    }

    @Override
    @SuppressWarnings("unchecked") // The name was written of a class of T.
    public void readSnapshot(int readVersion, DataInputView in, ClassLoader loader) throws IOException {
        if (readVersion != VERSION) {
            throw new IOException("state was packed by version " + readVersion + ", this one knows " + VERSION);
        }
        String name = in.readUTF();
        try {
            type = (Class<T>) Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new IOException("a savepoint has state of " + name + ", which this version does not have", e);
        }
        byte[] described = new byte[in.readInt()];
        in.readFully(described);
        PackedReader reader = new PackedReader();
        reader.open(described, described.length);
        shape = Shapes.read(reader, loader);
    }

    @Override
    public TypeSerializer<T> restoreSerializer() {
        return new PackedSerializer<>(type(), shape());
    }

    @Override
    public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(TypeSerializerSnapshot<T> old) {
        if (old instanceof PackedSnapshot<T> packed) {
            return switch (shape().fit(packed.shape())) {
                case SAME -> TypeSerializerSchemaCompatibility.compatibleAsIs();
                case MIGRATES -> TypeSerializerSchemaCompatibility.compatibleAfterMigration();
                case REFUSED -> TypeSerializerSchemaCompatibility.incompatible();
            };
        }
        if (old instanceof PojoSerializerSnapshot<T>) {
            boolean refused = TypeInformation.of(type())
                    .createSerializer(new SerializerConfigImpl())
                    .snapshotConfiguration()
                    .resolveSchemaCompatibility(old)
                    .isIncompatible();
            if (!refused) {
                return TypeSerializerSchemaCompatibility.compatibleAfterMigration();
            }
        }
        return TypeSerializerSchemaCompatibility.incompatible();
    }

    private Class<T> type() {
        return present(type);
    }

    private Shape shape() {
        return present(shape);
    }

    private static <V> V present(@Nullable V value) {
        if (value == null) {
            throw new IllegalStateException("the snapshot has not been read yet");
        }
        return value;
    }
}
