package io.lull.worker.primary;

import io.lull.worker.capture.SourceState;
import java.io.IOException;

/** What the trigger acts on in one session. One thread calls. */
interface Actuator {
    /** {@link SourceState#PENDING} when the guest can be paused now. */
    SourceState state();

    /** Tells QEMU to pause the guest. */
    void pause(Firing firing) throws IOException;

    /** Gives up a checkpoint that stalls, so that the guest runs on. */
    void watch();

    /** Ends the session. */
    void failed(String reason);
}
