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
}
