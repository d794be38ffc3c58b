package io.lull.worker.output;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Holds what the guest sends until the checkpoint that it depends on is on the backup.
 *
 * <p>A gate starts in {@link GateState#HOLDING}. For each epoch: {@link #prepare} while the guest runs, {@link #cut} while it
 * is paused, {@link #release} once it is committed. All methods may be called from any thread; only those that say so wait.
 */
public interface OutputGate extends Closeable {
    /**
     * Says that {@code epoch} is about to end: the guest is told to pause next. A gate that has to tell others where the epoch
     * ends does so here, so that it is not done in the pause. Without it, or when the guest isn't paused after it, output is
     * only delayed. May wait for some milliseconds.
     */
    default void prepare(long epoch) {}

    /**
     * Seals what was sent so far as {@code epoch}'s output, or less than that: what is left out belongs to the next epoch. To be
     * called while the guest is paused and before it is told to resume. Takes constant time.
     *
     * @param epoch larger than any cut before
     */
    void cut(long epoch);

    /**
     * Lets the output of all epochs up to {@code epoch} go, in order; it leaves soon after, but for what a gate drops that sees how
     * long it was held ({@link GateQueue#MAX_HELD_NANOS}). Releasing again what was
     * released is without effect, as is releasing from a gate that was given up.
     *
     * @param epoch not later than the last cut: an epoch that was not cut can't have been committed
     * @return what was let go; empty where the gate doesn't see the frames
     */
    Optional<Released> release(long epoch);

    /**
     * Stops protecting: what is held leaves as if it were released, and what comes passes. Without effect on a gate that was given up. Returns at
     * once.
     */
    void passThrough();

    /**
     * Starts to hold what comes from now on, if output passes. When it returns, no later output leaves unreleased. May wait for
     * some milliseconds.
     *
     * @throws IOException when output can't be held, or not in time: no checkpoint must be taken then
     */
    void hold() throws IOException;

    /**
     * Lets nothing go any more, for good: failover or abort. What is on its way out may still leave; it was released.
     */
    void discard();

    /**
     * Waits until all that was released has left the gate, for example before it is removed.
     *
     * @return false when it had not within the limit
     */
    boolean awaitDrained(long limitNanos) throws InterruptedException;

    /**
     * The last epoch that was released, when all output since its end has been held without a break; empty while output
     * passes, after the gate was given up, and as long as nothing was released since output is held.
     */
    OptionalLong heldSinceEpoch();

    /**
     * Whether nothing has left since then, and nothing is about to; false where the gate doesn't know.
     *
     * @param nanos on the clock that the gate was made with
     */
    default boolean hasBeenQuietSince(long nanos) {
        return false;
    }

    GateState state();

    /** Counters and levels of the frames at one moment; empty where the gate doesn't see them. */
    Optional<GateSnapshot> frames();

    /**
     * Discards, and frees what the gate uses in this process. The guest's output is dropped until the gate's parts are taken
     * out where they stand. The listener is not called. May wait for some seconds.
     */
    @Override
    void close();
}
