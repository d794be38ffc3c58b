package io.lull.worker.output;

import java.nio.file.Path;

class FilterBuffersContractTest extends OutputGateContract {
    @Override
    GateRig rig(Path directory) throws Exception {
        ModelQemu qemu = new ModelQemu();
        return new PlayedRig(
                new PlayedRig.Played(qemu::send, qemu::left, qemu::end),
                listener ->
                        BarrierGate.hold(new FilterBuffers(qemu, "g-1", ModelQemu.NETDEV), listener, PATIENT_NANOS));
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
