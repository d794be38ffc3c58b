package io.lull.worker.output;

import java.util.List;

/** The guest's and the network's side of one gate. */
interface GateRig extends AutoCloseable {
    OutputGate gate();

    /** The guest sends a frame; returns when the gate has it, or it has left. */
    void send(long tag) throws Exception;

    /** The frames that have reached the network, in order. */
    List<Long> left();

    /** Takes away what the gate works with; it notices at its next step at the latest. */
    void lose() throws Exception;

    /** What the gate's listener heard. */
    List<String> losses();
}
