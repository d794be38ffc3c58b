package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.qemu.Await;
import io.lull.worker.qemu.Qmp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A gate of filter-buffers in a real QEMU. */
@Tag("guest")
class FilterBuffersIT extends OutputGateContract {
    @Override
    GateRig rig(Path directory) throws Exception {
        return new QemuRig(directory, FilterBuffersIT::patient);
    }

    private static OutputGate patient(Qmp qemu, GateListener listener) throws IOException {
        return BarrierGate.hold(new FilterBuffers(qemu, "g-1", "n0"), listener, PATIENT_NANOS);
    }

    @Override
    long leakMillis() {
        return 100;
    }

    @Override
    int epochs() {
        return 100;
    }

    @Test
    void aBufferThatIsDeletedBehindItsWallLetsNothingOut() throws Exception {
        try (QemuRig rig = rigOf("walls")) {
            rig.send(1);
            rig.gate().prepare(1);
            rig.send(2);
            rig.gate().close();
            for (String buffer : List.of("g-1-buffer-1", "g-1-buffer-2")) {
                rig.qemu().execute("object-del", Map.of("id", buffer));
            }
            rig.send(3);
            assertOnlyLeft(rig);

            rig.qemu().execute("object-del", Map.of("id", "g-1-wall-2"));
            rig.qemu().execute("object-del", Map.of("id", "g-1-wall-1"));
            rig.send(4);
            Await.until("output flows without walls", () -> rig.left().equals(List.of(4L)));
        }
    }

    @Test
    void whatADeadWorkerLeftIsDroppedAndOnlyWhatTheNextOneHeldLeaves() throws Exception {
        try (QemuRig rig = rigOf("dead")) {
            rig.send(1);
            rig.gate().prepare(1);
            rig.gate().cut(1);
            rig.send(2);
            rig.gate().close();
            // It had begun to release epoch 1.
            rig.qemu().execute("object-del", Map.of("id", "g-1-wall-1"));

            EarlierGates earlier = EarlierGates.find(rig.qemu(), "g");
            PlacedGate next =
                    FilterBuffers.place(rig.qemu(), GatePlacement.prefix("g", earlier.freeNumber()), "n0", why -> {});
            rig.send(3);
            earlier.remove("n0");
            assertOnlyLeft(rig);

            next.gate().passThrough();
            Await.until("what the next one held has left", () -> rig.left().equals(List.of(3L)));
            next.remove();
            assertThat(EarlierGates.find(rig.qemu(), "g").any()).isFalse();
            rig.send(4);
            Await.until("output flows", () -> rig.left().equals(List.of(3L, 4L)));
        }
    }

    private QemuRig rigOf(String name) throws Exception {
        return new QemuRig(Files.createDirectory(folder.resolve(name)), FilterBuffersIT::patient);
    }
}
