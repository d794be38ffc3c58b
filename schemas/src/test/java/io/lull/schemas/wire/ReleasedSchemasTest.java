package io.lull.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReleasedSchemasTest {
    /** Records that either side may be the older one for: checked in both directions. */
    private static final Set<String> FULL = Set.of("CheckpointCommand", "OperatorIntent", "FenceRecord");

    static List<RecordKind<?>> kinds() {
        return RecordKind.all();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyVersionCanReadAllThatItMustRead(RecordKind<?> kind) {
        List<Schema> versions = new ArrayList<>(ReleasedSchemas.of(kind.schema().getName()));
        versions.add(kind.schema());
        for (int newer = 0; newer < versions.size(); newer++) {
            for (int older = 0; older < newer; older++) {
                assertThat(problems(versions.get(newer), versions.get(older)))
                        .as("version %d reads %d", newer, older)
                        .isEmpty();
                if (FULL.contains(kind.schema().getName())) {
                    assertThat(problems(versions.get(older), versions.get(newer)))
                            .as("version %d reads %d", older, newer)
                            .isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void newSymbolsOfAnEnumComeAfterTheReleasedOnes(RecordKind<?> kind) {
        Map<String, List<String>> current = symbols(kind.schema());
        for (Schema released : ReleasedSchemas.of(kind.schema().getName())) {
            symbols(released)
                    .forEach((name, symbols) ->
                            assertThat(current.get(name)).as(name).startsWith(symbols.toArray(String[]::new)));
        }
    }

    @Test
    void theCheckFindsAFieldThatWasAddedWithoutADefault() {
        Schema before = new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[]}");
        Schema after = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"x\",\"type\":\"long\"}]}");
        assertThat(problems(after, before)).isNotEmpty();
        assertThat(problems(before, after)).isEmpty();
    }

    @Test
    void saysWhichReleasedFileIsMissing() {
        assertThatThrownBy(() -> ReleasedSchemas.of("NoSuchRecord"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/released/v1/NoSuchRecord.avsc");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyFieldHasADocAndADefaultAndEveryEnumADefaultSymbol(RecordKind<?> kind) {
        List<String> missing = new ArrayList<>();
        visit(kind.schema(), schema -> missing.addAll(missingIn(schema)));
        assertThat(missing).isEmpty();
    }

    @Test
    void theCheckFindsAFieldWithoutDocOrDefaultAndAnEnumWithoutDefault() {
        Schema bare = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"R\",\"doc\":\"d\",\"fields\":[{\"name\":\"x\",\"type\":"
                        + "{\"type\":\"enum\",\"name\":\"E\",\"doc\":\"d\",\"symbols\":[\"A\"]}}]}");
        List<String> missing = new ArrayList<>();
        visit(bare, schema -> missing.addAll(missingIn(schema)));
        assertThat(missing)
                .containsExactlyInAnyOrder("R.x has no doc", "R.x has no default", "E has no default symbol UNKNOWN");
    }

    private static List<String> problems(Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult();
        if (result.getCompatibility() == SchemaCompatibilityType.COMPATIBLE) {
            return List.of();
        }
        return result.getIncompatibilities().stream().map(Object::toString).toList();
    }

    private static List<String> missingIn(Schema schema) {
        List<String> missing = new ArrayList<>();
        if (isBlank(schema.getDoc())) {
            missing.add(schema.getName() + " has no doc");
        }
        if (schema.getType() == Schema.Type.ENUM && !"UNKNOWN".equals(schema.getEnumDefault())) {
            missing.add(schema.getName() + " has no default symbol UNKNOWN");
        }
        if (schema.getType() == Schema.Type.RECORD) {
            for (Schema.Field field : schema.getFields()) {
                String name = schema.getName() + "." + field.name();
                if (isBlank(field.doc())) {
                    missing.add(name + " has no doc");
                }
                if (!field.hasDefaultValue()) {
                    missing.add(name + " has no default");
                }
            }
        }
        return missing;
    }

    private static Map<String, List<String>> symbols(Schema schema) {
        Map<String, List<String>> symbols = new HashMap<>();
        visit(schema, visited -> {
            if (visited.getType() == Schema.Type.ENUM) {
                symbols.put(visited.getName(), visited.getEnumSymbols());
            }
        });
        return symbols;
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    /** Visits every record and enum; none of our schemas is recursive. */
    private static void visit(Schema schema, Consumer<Schema> visitor) {
        switch (schema.getType()) {
            case RECORD -> {
                visitor.accept(schema);
                schema.getFields().forEach(field -> visit(field.schema(), visitor));
            }
            case ENUM -> visitor.accept(schema);
            case ARRAY -> visit(schema.getElementType(), visitor);
            case UNION -> schema.getTypes().forEach(branch -> visit(branch, visitor));
            default -> {}
        }
    }
}
