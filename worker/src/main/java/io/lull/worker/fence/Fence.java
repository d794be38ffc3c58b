package io.lull.worker.fence;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceRuling;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides who may release the output of one VM: the arbiter as a worker sees it.
 *
 * <p>Claims of all workers of a VM come in one order, and each is decided by the record that the one before left: what is
 * granted to one is known to the ruling on the next. Safe for use by many threads; claims wait for each other.
 */
public interface Fence extends AutoCloseable {
    /**
     * Asks; what is granted is recorded when this returns.
     *
     * @throws FenceException when there is no ruling: nothing is granted
     */
    FenceRuling claim(FenceClaim claim) throws FenceException, InterruptedException;

    /**
     * Reads the newest record and asks for nothing; empty when there is none.
     *
     * @throws FenceException when it can't be read
     */
    Optional<FenceRecord> look() throws FenceException, InterruptedException;

    /**
     * Says what this worker is likely to claim next, so that what can be done before it is asked is done. Nothing is granted
     * by that.
     *
     * @param next asked now and then, on the fence's thread; empty when there is nothing to expect
     */
    void expect(Supplier<Optional<FenceClaim>> next);

    /** The newest record that this worker knows of; empty when it knows none. */
    Optional<FenceRecord> lastSeen();

    /** Whether the other side's claims are decided here too. */
    boolean isShared();

    @Override
    void close();
}
