package io.lull.worker.backup;

import io.lull.worker.protocol.Handover;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.Refused;
import java.util.Optional;

/** What a session needs of the backup that it belongs to. */
interface SessionHost {
    /** Makes this the one session, or says why not. */
    Optional<Refused> admit(BackupSession session, Hello hello);

    /**
     * Begins to run the VM from an epoch that the session's primary hands over, and returns; {@link BackupSession#handedOver}
     * tells what came of it.
     *
     * @return why not, when nothing was begun
     */
    Optional<String> takeOver(BackupSession session, Handover handover);

    /** The session is over, and nothing of it is left to do but to close the connection; called once, on its thread. */
    void ended(BackupSession session, LossKind kind, String why);

    /** The connection is closed; called once, the last of all. */
    void closed(BackupSession session);
}
