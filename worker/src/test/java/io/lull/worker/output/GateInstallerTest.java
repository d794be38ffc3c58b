package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lull.worker.qemu.Qmp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateInstallerTest {
    private static final List<String> ADDING = List.of(
            "chardev-add g-out",
            "chardev-add g-in",
            "chardev-add g-mirror",
            "object-add g-copy",
            "object-add g-redirect");
    private static final List<String> REMOVING = List.of(
            "object-del g-redirect",
            "object-del g-copy",
            "chardev-remove g-mirror",
            "chardev-remove g-in",
            "chardev-remove g-out");

    private final FakeQmp qmp = new FakeQmp();

    @TempDir
    Path directory;

    private QemuSide qemu;
    private GateInstaller installer;

    @BeforeEach
    void listen() throws IOException {
        qemu = new QemuSide(directory);
        installer = new GateInstaller(qmp, new GatePlacement("g", "n0", qemu.sockets, true));
    }

    @AfterEach
    void close() throws IOException {
        qemu.close();
    }

    @Test
    void addsDevicesThenConnectsThenAddsFiltersAndRemovesInReverse() throws IOException {
        RedirectorGate gate = installer.install(sockets -> {
            assertThat(qmp.done).isEqualTo(ADDING.subList(0, 3));
            return open(sockets);
        });
        assertThat(qmp.done).isEqualTo(ADDING);
        qmp.done.clear();
        installer.remove();
        assertThat(qmp.done).isEqualTo(REMOVING);
        assertThat(gate.state()).isEqualTo(GateState.DISCARDED);
        assertThat(qemu.losses()).isEmpty();
    }

    @Test
    void undoesInReverseWhicheverStepFails() {
        for (int step = 0; step < ADDING.size(); step++) {
            qmp.done.clear();
            qmp.refused = ADDING.get(step);
            assertThatThrownBy(() -> installer.install(this::open)).hasMessageContaining(qmp.refused);
            List<String> expected = new ArrayList<>(ADDING.subList(0, step));
            expected.addAll(REMOVING.subList(ADDING.size() - step, ADDING.size()));
            assertThat(qmp.done).isEqualTo(expected);
        }
    }

    @Test
    void undoesWhenTheGateCannotConnect() {
        assertThatThrownBy(() -> installer.install(sockets -> {
                    throw new IOException("no one listens");
                }))
                .hasMessage("no one listens");
        assertThat(qmp.done.subList(3, 6)).isEqualTo(REMOVING.subList(2, 5));
    }

    @Test
    void removesTheRestThoughOneStepFailsAndTells() throws IOException {
        installer.install(this::open);
        qmp.done.clear();
        qmp.refused = "object-del g-copy";
        assertThatThrownBy(installer::remove)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(qmp.done).hasSize(REMOVING.size() - 1).doesNotContain(qmp.refused);
    }

    @Test
    void refusesToInstallTwice() throws IOException {
        installer.install(this::open);
        assertThatThrownBy(() -> installer.install(this::open)).isInstanceOf(IllegalStateException.class);
    }

    private RedirectorGate open(GateSockets sockets) throws IOException {
        return RedirectorGate.connect(sockets, GateConfig.DEFAULT, qemu, FrameTap.NONE, System::nanoTime);
    }

    /** Notes commands with the id that they name, and refuses one. */
    private static final class FakeQmp implements Qmp {
        final List<String> done = new ArrayList<>();
        String refused = "";

        @Override
        public JsonNode execute(String command, Map<String, ?> arguments) throws IOException {
            String call = command + " " + Objects.requireNonNull(arguments.get("id"));
            if (call.equals(refused)) {
                throw new IOException("refused: " + call);
            }
            done.add(call);
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
