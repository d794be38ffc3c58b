package io.lull.bench.many;

import java.io.IOException;
import java.util.Optional;

/** One of the VMs, simulated or real. */
interface ManyGuest extends AutoCloseable {
    /** Begins to be protected. */
    void start() throws IOException;

    /** How many pages it is to dirty in each epoch from the next one on; without effect on a guest that does as it likes. */
    void dirty(int pages);

    /** Whether an epoch was committed. */
    boolean hasCommitted();

    /** Why it is no longer protected; empty while it is. */
    Optional<String> ended();

    @Override
    void close() throws IOException;
}
