package io.lull.worker.primary;

/** Hears what happens in a session. Calls come from the session's threads and must return soon. */
interface SessionEvents {
    /** The initial copy is complete; the first checkpoint is next. */
    void initialCopyDone(long pages, long wireBytes);

    /** The session can't go on. */
    void failed(String reason);

    /** Nor may the guest stand still for longer, which may wait for the session. */
    void stalled(String reason);

    /** Whether the session has ended: nothing new is to be begun. */
    boolean areOver();
}
