package io.lull.worker.capture;

import java.io.IOException;

/**
 * What happens to what a {@link CheckpointSource} captures. All calls come from the source's one thread, in the order below;
 * an exception ends the source.
 */
public interface CaptureHandler {
    /** The machine's layout, once, before its first page. The guest runs; may block. */
    void layout(StreamLayout layout) throws IOException;

    /** A batch of the initial copy. The guest runs until its last batch; a page may come several times; may block. */
    void initialPages(StagingArea pages) throws IOException;

    /** An area for the next checkpoint, free to be written. The guest runs; blocks until there is one. */
    StagingArea nextStaging() throws IOException;

    /** The source waits for {@link CheckpointSource#pause}. The guest runs; must not block. */
    void pending();

    /**
     * The guest is paused, its disks are drained: cut network and disk here. Every microsecond is a microsecond of
     * pause.
     */
    void paused(long pausedAtNanos) throws IOException;

    /** All of the checkpoint is staged and the guest is still paused; a test's oracle may look at it here. */
    default void beforeResume(StagingArea pages) throws IOException {}

    /**
     * All of the checkpoint is staged; whether the guest is to stand still after it. Then {@code resumed} comes while it
     * stands, and {@link #awaitRun} after that.
     */
    default boolean standsStill(long pausedAtNanos) {
        return false;
    }

    /** Returns when a guest that stands still is to run on; an exception leaves it standing. */
    default void awaitRun() throws IOException {}

    /** The guest, which was paused then, is let run next; as short as {@link #paused}. */
    default void resuming(long pausedAtNanos) {}

    /** The guest runs again and {@code capture} is to be shipped; must not block. */
    void resumed(Capture capture);
}
