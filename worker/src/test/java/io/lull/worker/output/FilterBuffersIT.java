package io.lull.worker.output;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** A gate of filter-buffers in a real QEMU. */
@Tag("guest")
class FilterBuffersIT extends OutputGateContract {
    @Override
    GateRig rig(Path directory) throws Exception {
        return new QemuRig(directory, (qemu, listener) -> FilterBuffers.gate(qemu, "g-1", "n0", listener));
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
