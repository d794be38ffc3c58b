package io.lull.worker.output;

import java.io.IOException;

/**
 * A gate as it stands in front of a VM's output.
 *
 * @param removal takes it out and closes it
 */
public record PlacedGate(OutputGate gate, Removal removal) {
    /** The way back. */
    @FunctionalInterface
    public interface Removal {
        /**
         * Takes the gate out and closes it: the guest's output then flows unheld. To lose no frame, let the gate pass and drain
         * before.
         *
         * @throws IOException when steps failed, after all were tried
         */
        void run() throws IOException;
    }

    static PlacedGate of(BarrierGate gate) {
        return new PlacedGate(gate, gate::remove);
    }

    /** Takes it out; see {@link Removal#run}. */
    public void remove() throws IOException {
        removal.run();
    }
}
