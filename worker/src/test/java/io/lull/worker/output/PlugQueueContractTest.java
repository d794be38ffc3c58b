package io.lull.worker.output;

import java.nio.file.Path;

class PlugQueueContractTest extends OutputGateContract {
    @Override
    GateRig rig(Path directory) throws Exception {
        ModelKernel kernel = new ModelKernel();
        return new PlayedRig(
                new PlayedRig.Played(kernel::send, kernel::left, kernel::end),
                // Room for all that the contract sends.
                listener -> BarrierGate.hold(
                        new PlugQueue(kernel, new PlugPlace(ModelKernel.TAP, "lull0", 1 << 20)),
                        listener,
                        PATIENT_NANOS));
    }

    @Override
    long leakMillis() {
        return 5;
    }

    @Override
    int epochs() {
        return 500;
    }
}
