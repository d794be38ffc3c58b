package io.lull.worker.backup;

import java.io.IOException;

/** Starts standby processes. */
public interface StandbyLauncher {
    /**
     * Starts one and connects to it.
     *
     * @throws IOException when it ends or doesn't listen in time; nothing is left behind
     */
    Standby start() throws IOException, InterruptedException;

    /** Ends those of an earlier process of the backup, of which it is known that none was told to run. */
    default void endLoaded() throws InterruptedException {}
}
