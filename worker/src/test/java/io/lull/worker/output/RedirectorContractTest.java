package io.lull.worker.output;

import java.nio.file.Path;

class RedirectorContractTest extends OutputGateContract {
    @Override
    GateRig rig(Path directory) throws Exception {
        return new RedirectorRig(directory);
    }

    @Override
    long leakMillis() {
        return 30;
    }

    @Override
    int epochs() {
        return 200;
    }
}
