package io.lull.job.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.metrics.MetricsState;
import io.lull.job.schedule.Orders;
import io.lull.job.schedule.VmState;
import io.lull.policy.registry.PolicyRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * State that one version of the code wrote is read by another. For every class that Flink keeps, a version of it with
 * one more field is compiled, and both ways are tried: the new version has the field more (added), or the old one had it
 * (removed). The old bytes are really read: Flink's verdict alone says that a record could lose a field, too.
 */
class StateEvolutionTest {
    private static final String FIELD = "public long notThere = 7;";

    /** Versions of each class with the field: compiled once, which takes longer than what is tried with them. */
    private static final Map<Class<?>, Variant> EXTENDED = new HashMap<>();

    @TempDir
    private static Path folder;

    /** A class that Flink keeps, and what it keeps it in. */
    record Kept(Class<?> root, Class<?> type) {
        @Override
        public String toString() {
            return type.getSimpleName() + " in " + root.getSimpleName();
        }
    }

    static Stream<Kept> kept() {
        List<Class<?>> roots = new ArrayList<>(List.of(VmState.class, Orders.class, MetricsState.class));
        PolicyRegistry registry = PolicyRegistry.standard();
        registry.names().forEach(name -> roots.add(registry.named(name).stateType()));
        return roots.stream()
                .flatMap(root -> FilledState.classesOf(root).stream().map(type -> new Kept(root, type)));
    }

    @Test
    void noClassOfStateIsLeftOut() {
        assertThat(kept().map(kept -> kept.type().getSimpleName()))
                .contains("AdmissionState", "Order", "SentConditions", "DirtyCurveState", "DecayedMoments", "Pane");
    }

    @ParameterizedTest
    @MethodSource("kept")
    void aFieldThatIsAddedHoldsWhatTheConstructorGivesIt(Kept kept) throws Exception {
        Migration migration = new Migration(kept, Variant.asItIs(), extended(kept.type())).run();

        assertThat(migration.verdict.isCompatibleAfterMigration()).isTrue();
        assertThat(without(migration.read)).isEqualTo(migration.written);
        assertThat(migration.read).hasSizeGreaterThan(migration.written.size()).containsValue("7");
        assertThat(migration.readAgain).isEqualTo(migration.read);
    }

    @ParameterizedTest
    @MethodSource("kept")
    void aFieldThatIsRemovedIsReadOver(Kept kept) throws Exception {
        Migration migration = new Migration(kept, extended(kept.type()), Variant.asItIs()).run();

        assertThat(migration.verdict.isCompatibleAfterMigration()).isTrue();
        assertThat(migration.written).hasSizeGreaterThan(migration.read.size());
        assertThat(migration.read).isEqualTo(without(migration.written));
        assertThat(migration.readAgain).isEqualTo(migration.read);
    }

    private static Variant extended(Class<?> type) throws IOException {
        Variant variant = EXTENDED.get(type);
        if (variant == null) {
            variant = Variant.with(type, FIELD, folder.resolve(type.getName()));
            EXTENDED.put(type, variant);
        }
        return variant;
    }

    @Test
    void aFieldThatChangesItsTypeIsRefused() throws Exception {
        Kept kept = new Kept(VmState.class, VmState.class);
        Variant before = extended(VmState.class);
        Variant after = Variant.with(VmState.class, "public String notThere = \"7\";", folder.resolve("after"));

        assertThat(new Migration(kept, before, after).judge().isIncompatible()).isTrue();
    }

    static Stream<Class<?>> roots() {
        return kept().map(Kept::root).distinct();
    }

    @ParameterizedTest
    @MethodSource("roots")
    void comesBackWhole(Class<?> root) throws Exception {
        TypeSerializer<Object> serializer = packed(root);
        Object state = new FilledState(3).fill(root);
        DataOutputSerializer bytes = new DataOutputSerializer(1024);
        serializer.serialize(state, bytes);

        Object read = serializer.deserialize(new DataInputDeserializer(bytes.getCopyOfBuffer()));

        assertThat(FilledState.valuesOf(read)).isEqualTo(FilledState.valuesOf(state));
        assertThat(FilledState.valuesOf(serializer.copy(state))).isEqualTo(FilledState.valuesOf(state));
    }

    @ParameterizedTest
    @MethodSource("roots")
    void whatFlinksOwnSerializerWroteBeforeIsReadAndWrittenAnew(Class<?> root) throws Exception {
        TypeSerializer<Object> pojos = pojos(root);
        Object state = new FilledState(4).fill(root);
        DataOutputSerializer bytes = new DataOutputSerializer(1024);
        pojos.serialize(state, bytes);
        DataOutputSerializer snapshot = new DataOutputSerializer(1024);
        TypeSerializerSnapshot.writeVersionedSnapshot(snapshot, pojos.snapshotConfiguration());

        TypeSerializerSnapshot<Object> old = TypeSerializerSnapshot.readVersionedSnapshot(
                new DataInputDeserializer(snapshot.getCopyOfBuffer()), root.getClassLoader());

        assertThat(packed(root)
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(old)
                        .isCompatibleAfterMigration())
                .isTrue();
        Object read = old.restoreSerializer().deserialize(new DataInputDeserializer(bytes.getCopyOfBuffer()));
        assertThat(FilledState.valuesOf(read)).isEqualTo(FilledState.valuesOf(state));
    }

    @SuppressWarnings("unchecked") // Both ends of the tests are objects.
    private static TypeSerializer<Object> packed(Class<?> root) {
        return (TypeSerializer<Object>) PackedSerializer.of(root);
    }

    @SuppressWarnings("unchecked")
    private static TypeSerializer<Object> pojos(Class<?> root) {
        SerializerConfigImpl config = new SerializerConfigImpl();
        config.setGenericTypes(false);
        return (TypeSerializer<Object>) TypeInformation.of(root).createSerializer(config);
    }

    private static Map<String, String> without(Map<String, String> values) {
        Map<String, String> rest = new TreeMap<>(values);
        rest.keySet().removeIf(path -> path.endsWith(".notThere"));
        return rest;
    }

    /** From the state as {@code before} writes it to the state as {@code after} reads it. */
    private static final class Migration {
        private final DataOutputSerializer bytes = new DataOutputSerializer(1024);
        private final TypeSerializer<Object> newSerializer;
        private final TypeSerializerSnapshot<Object> oldSnapshot;
        private final TypeSerializerSchemaCompatibility<Object> verdict;
        private final Map<String, String> written;
        private Map<String, String> read = Map.of();
        private Map<String, String> readAgain = Map.of();

        Migration(Kept kept, Variant before, Variant after) throws Exception {
            Class<?> oldType = before.loadClass(kept.root().getName());
            TypeSerializer<Object> oldSerializer = serializer(before, oldType);
            Object state = new FilledState(5).fill(oldType);
            written = FilledState.valuesOf(state);
            oldSerializer.serialize(state, bytes);
            DataOutputSerializer snapshot = new DataOutputSerializer(1024);
            TypeSerializerSnapshot.writeVersionedSnapshot(snapshot, oldSerializer.snapshotConfiguration());
            newSerializer = serializer(after, after.loadClass(kept.root().getName()));
            oldSnapshot = TypeSerializerSnapshot.readVersionedSnapshot(
                    new DataInputDeserializer(snapshot.getCopyOfBuffer()), after);
            verdict = newSerializer.snapshotConfiguration().resolveSchemaCompatibility(oldSnapshot);
        }

        /** As {@code version} makes it, of which the serializer's classes are, too. */
        @SuppressWarnings("unchecked") // Of a class that this code doesn't know.
        private static TypeSerializer<Object> serializer(Variant version, Class<?> type)
                throws ReflectiveOperationException {
            return (TypeSerializer<Object>) version.loadClass(PackedSerializer.class.getName())
                    .getMethod("of", Class.class)
                    .invoke(null, type);
        }

        TypeSerializerSchemaCompatibility<Object> judge() {
            return verdict;
        }

        Migration run() throws IOException, ReflectiveOperationException {
            Object state =
                    oldSnapshot.restoreSerializer().deserialize(new DataInputDeserializer(bytes.getCopyOfBuffer()));
            read = FilledState.valuesOf(state);
            DataOutputSerializer again = new DataOutputSerializer(1024);
            newSerializer.serialize(state, again);
            readAgain =
                    FilledState.valuesOf(newSerializer.deserialize(new DataInputDeserializer(again.getCopyOfBuffer())));
            return this;
        }
    }
}
