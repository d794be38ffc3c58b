package io.lull.worker.output;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

class PlugQueueContractTest extends OutputGateContract {
    @Override
    GateRig rig(Path directory) throws Exception {
        return new Rig();
    }

    @Override
    long leakMillis() {
        return 5;
    }

    @Override
    int epochs() {
        return 500;
    }

    private static final class Rig implements GateRig {
        private final ModelKernel kernel = new ModelKernel();
        private final List<String> losses = new CopyOnWriteArrayList<>();
        private final OutputGate gate;

        Rig() throws IOException {
            // Room for all that the contract sends.
            gate = PlugQueue.gate(kernel, new PlugPlace(ModelKernel.TAP, "lull0", 1 << 20), losses::add);
        }

        @Override
        public OutputGate gate() {
            return gate;
        }

        @Override
        public void send(long tag) {
            kernel.send(tag);
        }

        @Override
        public List<Long> left() {
            return kernel.left();
        }

        @Override
        public void lose() {
            kernel.end();
        }

        @Override
        public List<String> losses() {
            return losses;
        }

        @Override
        public void close() {
            gate.close();
        }
    }
}
