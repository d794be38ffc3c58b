package io.lull.worker.output;

import java.io.IOException;

/**
 * A queue of the guest's frames outside this process, which holds them by marks: a mark parts what came before it from what
 * comes later.
 *
 * <p>Each call returns when it is carried out, or fails. A call that failed has let nothing go that the call itself was not to
 * let go. A barrier that nobody calls any more, because this process died, lets nothing go for ever if it held; if it
 * was open it stays open. One thread at a time calls.
 */
interface Barrier {
    /** Marks that may stand at once; at least 1. */
    int maxMarks();

    /** Holds what comes from now on; what is held already stays so. When this fails, what passed before passes still. */
    void hold() throws IOException;

    /** Puts a mark behind all that came so far. */
    void mark() throws IOException;

    /** Lets go what came before the oldest mark, in order, and forgets that mark. */
    void releaseOldest() throws IOException;

    /** Lets go all that is held, in order, forgets all marks and passes what comes. */
    void open() throws IOException;

    /** Takes the barrier away: what is held is dropped, and what comes passes. The last call. */
    void remove() throws IOException;

    /**
     * It could not hold at all: takes its parts away as far as they are of no use to anybody, and leaves what others hold.
     *
     * @param why gets what fails here as well
     */
    default void abandon(Exception why) {
        try {
            remove();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** Frees what it uses in this process; what is held stays held. The last call, unless it is to be removed. */
    default void close() {}
}
