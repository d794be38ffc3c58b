package io.lull.worker.backup;

import io.lull.policy.VmId;
import java.io.IOException;

/** Decides who may run a VM when two hosts could: exactly one of them. */
public interface Fence {
    /**
     * Asks for the right to run the VM from the end of an epoch; once granted, no other host has it.
     *
     * @throws IOException when the arbiter can't be asked: not granted
     */
    boolean mayTakeOver(VmId vm, long epoch) throws IOException, InterruptedException;
}
