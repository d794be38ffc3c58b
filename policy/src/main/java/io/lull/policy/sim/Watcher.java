package io.lull.policy.sim;

import io.lull.policy.TriggerReason;
import io.lull.policy.trigger.TriggerInput;
import java.util.Optional;

/** Looks on while a simulation runs, for tests that ask what held at every tick. */
interface Watcher {
    /** Looks away. */
    Watcher NONE = (vm, input, ended, toWorker) -> {};

    /**
     * A tick is over.
     *
     * @param vm after the tick: with a checkpoint ordered when {@code ended} is there
     * @param input what the trigger saw; filled anew at the next tick
     * @param ended what the trigger said; empty also when no checkpoint could be ordered
     * @param toWorker the way to the worker, for commands of the watcher's own
     */
    void ticked(SimulatedVm vm, TriggerInput input, Optional<TriggerReason> ended, Mailbox toWorker);
}
