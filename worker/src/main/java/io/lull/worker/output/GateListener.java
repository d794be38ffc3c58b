package io.lull.worker.output;

/** Is told when a gate can't do its work any more. */
@FunctionalInterface
public interface GateListener {
    /**
     * A socket was lost, or carried what is not QEMU's framing: held output is dropped, and no more will leave.
     *
     * <p>Called at most once, on a thread of the gate.
     *
     * @param reason which socket, and what was wrong
     */
    void onGateLost(String reason);
}
