package io.lull.worker.output;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

/** A redirector gate in a real QEMU. */
@Tag("guest")
class RedirectorIT extends OutputGateContract {
    @Override
    GateRig rig(Path directory) throws Exception {
        return new QemuRig(directory, (qemu, listener) -> {
            GateSockets sockets = new GateSockets(directory.resolve("out"), directory.resolve("in"), Optional.empty());
            return new GateInstaller(qemu, new GatePlacement("g-1", "n0", sockets, true))
                    .install(at ->
                            RedirectorGate.connect(at, GateConfig.DEFAULT, listener, FrameTap.NONE, System::nanoTime));
        });
    }

    @Override
    long leakMillis() {
        return 100;
    }

    @Override
    int epochs() {
        return 100;
    }
}
