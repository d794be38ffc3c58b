package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lull.worker.qemu.Qmp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EarlierGatesTest {
    private static final List<String> PARTS = List.of("redirect", "copy", "mirror", "in", "out");

    private final FakeVm vm = new FakeVm();

    private void left(String prefix) {
        PARTS.forEach(part -> vm.parts.add(prefix + "-" + part));
    }

    @Test
    void findsNoneInAVmThatHasPartsOfOthersOnly() throws Exception {
        vm.parts.addAll(List.of("lull-qmp", "lull", "null-1-out", "lull-1-outlet", "lull-12-out", "compat_monitor0"));

        EarlierGates earlier = EarlierGates.find(vm, "lull");

        assertThat(earlier.any()).isFalse();
        assertThat(earlier.freeNumber()).isEqualTo(1);
        earlier.remove("n0");
        assertThat(vm.parts).hasSize(6);
    }

    @Test
    void takesOutAllAndOnlyThoseThatWereThereWhenItLooked() throws Exception {
        left("lull");
        left("lull-1");
        vm.parts.add("lull-3-in");
        vm.parts.add("lull-qmp");
        EarlierGates earlier = EarlierGates.find(vm, "lull");
        assertThat(earlier.any()).isTrue();
        assertThat(earlier.freeNumber()).isEqualTo(2);
        left("lull-2");

        earlier.remove("n0");

        assertThat(vm.parts).hasSize(PARTS.size() + 1).contains("lull-qmp", "lull-2-redirect");
    }

    @Test
    void saysSoWhenOneStays() throws Exception {
        left("lull-1");
        EarlierGates earlier = EarlierGates.find(vm, "lull");
        vm.kept = "lull-1-redirect";

        assertThatThrownBy(() -> earlier.remove("n0"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("lull-1");
    }

    @Test
    void refusesToPutInMoreThanSomeEver() throws Exception {
        for (int number = 1; number <= EarlierGates.MAX_GATES; number++) {
            left(GatePlacement.prefix("lull", number));
        }

        assertThatThrownBy(EarlierGates.find(vm, "lull")::freeNumber)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("lull-*");
    }

    /** Lists its parts, and takes them out but for one. */
    private static final class FakeVm implements Qmp {
        final TreeSet<String> parts = new TreeSet<>();
        String kept = "";

        @Override
        public JsonNode execute(String command, Map<String, ?> arguments) throws IOException {
            switch (command) {
                case "query-chardev" -> {
                    return named("label");
                }
                case "qom-list" -> {
                    return named("name");
                }
                default -> {
                    String id = String.valueOf(arguments.get("id"));
                    if (id.equals(kept) || !parts.remove(id)) {
                        throw new IOException("no " + id);
                    }
                    return JsonNodeFactory.instance.objectNode();
                }
            }
        }

        private JsonNode named(String field) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            new ArrayList<>(parts).forEach(part -> list.addObject().put(field, part));
            return list;
        }
    }
}
