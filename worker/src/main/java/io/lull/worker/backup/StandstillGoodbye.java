package io.lull.worker.backup;

import io.lull.worker.limit.Stillness;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a session does when this side stands still in its work: it tells a primary that may go on without this backup to do so. One
 * whose output is held then in any case is kept, as no word would help its clients.
 */
final class StandstillGoodbye {
    private static final Logger log = LoggerFactory.getLogger(StandstillGoodbye.class);

    private final SessionParts parts;
    private final BackupSession session;
    private final Stillness work;
    private volatile boolean gaveUp;
    private boolean saidBye;

    StandstillGoodbye(SessionParts parts, BackupSession session) {
        this.parts = parts;
        this.session = session;
        this.work = new Stillness(parts.options().timing().standstillLimitNanos());
    }

    /**
     * Looks, several times in each limit; for one thread, which is not the session's own: that may hang.
     *
     * @param busySince when the session began with the frame at hand; empty without one
     */
    void look(OptionalLong busySince, long nowNanos) {
        OptionalLong stillNanos = work.look(busySince, parts.committer().steps(), nowNanos);
        if (stillNanos.isEmpty() || saidBye || says(OnBackupLoss.HOLD_OUTPUT)) {
            return;
        }
        String why = "this backup has kept and applied nothing for " + stillNanos.getAsLong() / 1_000_000
                + " ms, with work at hand: does its disk answer?";
        if (session.ends(LossKind.CLOSED_HERE, why)) {
            gaveUp = true;
        }
        // Before the log, which may lie on the disk that hangs.
        if (gaveUp && session.sayBye(why)) {
            saidBye = true;
            log.error("Session with {}: {} Its primary is told to go on without this backup", session.peer(), why);
        }
    }

    /**
     * The session's thread has come to its end after all. Where no fence tells, output has left since the goodbye, for all that can
     * be known here.
     */
    void ended() {
        if (!gaveUp || !says(OnBackupLoss.GO_ON_UNPROTECTED)) {
            return;
        }
        try {
            parts.apply().call(() -> {
                // As for a goodbye of the primary's: what redoes the rest must not hear of it before.
                parts.committer().requireWhole();
                parts.committer().tookLeave("it was told that this backup can do nothing");
                return true;
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            log.error("Session with {}: that its primary went on alone could not be noted", session.peer(), e);
        }
    }

    private boolean says(OnBackupLoss onLoss) {
        return session.hello().map(Hello::onBackupLoss).equals(Optional.of(onLoss));
    }
}
