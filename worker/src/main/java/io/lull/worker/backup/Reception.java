package io.lull.worker.backup;

import io.lull.worker.protocol.Handover;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.Refused;
import java.util.Optional;
import java.util.function.Consumer;

/** Who connects to a backup and what becomes of it: admitted, turned away, lost, or handing its VM over. Thread-safe. */
final class Reception implements SessionHost {
    private final Admission admission;
    private final Takeovers takeovers;
    private final BackupListener listener;
    private final StrangerLog strangers;
    private final Consumer<BackupSession> closed;
    private volatile boolean closing;

    /** @param closed takes sessions whose connection is closed */
    Reception(
            Admission admission,
            Takeovers takeovers,
            BackupListener listener,
            StrangerLog strangers,
            Consumer<BackupSession> closed) {
        this.admission = admission;
        this.takeovers = takeovers;
        this.listener = listener;
        this.strangers = strangers;
        this.closed = closed;
    }

    /** From here on the end of a session is no reason to take over. */
    void close() {
        closing = true;
    }

    @Override
    public Optional<Refused> admit(BackupSession session, Hello hello) {
        Optional<Refused> refused = admission.admit(session, hello);
        if (refused.isEmpty()) {
            listener.sessionOpened(hello);
        }
        return refused;
    }

    @Override
    public Optional<String> takeOver(BackupSession session, Handover handover) {
        return takeovers.handedOver(session, handover);
    }

    @Override
    public void ended(BackupSession session, LossKind kind, String why) {
        admission.leave(session);
        if (session.hello().isPresent()) {
            listener.sessionLost(kind, why);
        } else {
            dropped(session.peer(), why);
        }
        if (session.hello().isPresent() && !closing) {
            takeovers.sessionLost(session.hello().orElseThrow(), kind);
        }
    }

    @Override
    public void closed(BackupSession session) {
        closed.accept(session);
    }

    /** A connection that came to no session. */
    void dropped(Object peer, String why) {
        strangers.dropped(peer, why);
        listener.connectionDropped(why);
    }
}
