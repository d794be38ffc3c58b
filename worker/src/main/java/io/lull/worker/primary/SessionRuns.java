package io.lull.worker.primary;

import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.ship.RefusedException;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

/**
 * Runs one session with the backup after another. Where the VM is another's by what the backup or the fence says, its output is
 * discarded before the session is ended, so that nothing of it leaves in between.
 */
final class SessionRuns {
    private final PrimaryConfig config;
    private final ProtectedVm machine;
    private final SessionStarter starter;
    private final Around around;
    private final Current<OpenEpoch> open;
    private final Current<Optional<PrimarySession>> session;

    /**
     * None runs yet.
     *
     * @param session where the one that runs is shown
     */
    SessionRuns(
            PrimaryConfig config,
            ProtectedVm machine,
            SessionStarter starter,
            Around around,
            Current<OpenEpoch> open,
            Current<Optional<PrimarySession>> session) {
        this.config = config;
        this.machine = machine;
        this.starter = starter;
        this.around = around;
        this.open = open;
        this.session = session;
    }

    /**
     * What outlives a session and has to do with each.
     *
     * @param trigger ends the session's epochs
     * @param announcer says what becomes of it
     * @param end tells when no session is to run any more
     * @param output keeps the VM's output before, in and after it
     */
    record Around(TriggerLoop trigger, Announcer announcer, RunEnd end, OutputKeeper output) {}

    /**
     * Connects, and protects the VM until the session ends.
     *
     * @return why it ended, or came to nothing
     * @throws IOException when the VM is another's; one line
     */
    String run() throws IOException, InterruptedException {
        around.announcer()
                .protection()
                .transition(
                        SessionState.CONNECTING,
                        "connecting to " + config.backup().address());
        open.set(open.get().renumbered());
        EpochBook book = starter.newBook();
        UUID id = UUID.randomUUID();
        PrimarySession next = new PrimarySession(
                id, open, around.output().sessionBegins(id), machine.gate(), book, machine.nanoClock());
        try (next) {
            session.set(Optional.of(next));
            if (around.end().isTold()) {
                return around.end().why();
            }
            String reason = untilEnded(next, book);
            // Watched meanwhile: in a pause QEMU may wait for this session, and answers only when that stalls and is
            // given up.
            next.vmIs(machine.fate());
            return reason;
        } finally {
            around.trigger().actOn(Optional.empty());
            session.set(Optional.empty());
            machine.inSession(Optional.empty(), Optional.empty());
            around.output().sessionEnded(next.mayBeKnown(), next.partedInPeace());
            if (next.atRest()) {
                starter.giveStagingBack();
            } else {
                starter.dropStaging();
            }
        }
    }

    private String untilEnded(PrimarySession next, EpochBook book) throws IOException, InterruptedException {
        try {
            Actuator actuator = starter.start(next, book);
            around.announcer().totals().session();
            around.trigger().actOn(Optional.of(actuator));
            Protection protection = around.announcer().protection();
            if (protection.state() == SessionState.CONNECTING) {
                protection.transition(SessionState.SYNCING, "the backup accepted the session");
            }
            return next.ended().get();
        } catch (RefusedException e) {
            if (e.reason() == RefusalReason.FAILED_OVER
                    && around.output().isAnothers("asked, since " + e.getMessage())) {
                throw fenced("the backup: " + e.getMessage());
            }
            return String.valueOf(e.getMessage());
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (OutOfMemoryError e) {
            // Of memory outside the heap, or the JVM would have ended: another VM's large epoch may have it just now.
            return "no memory outside the heap for a session; give the worker more (LULL_HEAP, -XX:MaxDirectMemorySize): "
                    + e.getMessage();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a session's end is never exceptional", e);
        }
    }

    /** The VM is another's, mostly its backup's: from here on nothing of this one may ever leave. */
    IOException fenced(String why) {
        around.output().discard();
        return around.end().fenced(why);
    }
}
