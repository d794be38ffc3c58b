package io.lull.worker.primary;

import io.lull.worker.page.StagedPages;

/** Hears what happens in a session. Calls come from the session's threads and must return soon. */
interface SessionEvents {
    /** The initial copy is complete; the first checkpoint is next. */
    void initialCopyDone(long pages, long wireBytes);

    /** QEMU waits to be told to pause. */
    void pending();

    /** All of an epoch is staged and the guest is still paused. */
    void captured(long epoch, StagedPages pages);

    /** The session can't go on. */
    void failed(String reason);
}
