package io.lull.worker.output;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

class FilterBuffersContractTest extends OutputGateContract {
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
        private final ModelQemu qemu = new ModelQemu();
        private final List<String> losses = new CopyOnWriteArrayList<>();
        private final OutputGate gate;

        Rig() throws IOException {
            gate = FilterBuffers.gate(qemu, "g-1", ModelQemu.NETDEV, losses::add);
        }

        @Override
        public OutputGate gate() {
            return gate;
        }

        @Override
        public void send(long tag) {
            qemu.send(tag);
        }

        @Override
        public List<Long> left() {
            return qemu.left();
        }

        @Override
        public void lose() {
            qemu.end();
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
