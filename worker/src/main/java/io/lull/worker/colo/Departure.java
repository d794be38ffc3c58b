package io.lull.worker.colo;

import io.lull.worker.capture.GuestEvents;
import io.lull.worker.limit.PartedWait;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a source leaves COLO. By that QEMU lets any guest run; one that an operator has stopped is stopped again as soon as it does. For
 * one thread, and once.
 */
final class Departure {
    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
    /** QEMU says that it is out of COLO before it lets the guest run. */
    private static final long RESUME_LIMIT_NANOS = 2_000_000_000L;

    private final ColoControl control;
    private final GuestEvents events;
    private final StopsInCopy stopsInCopy;
    private boolean stays;
    private int resumesBefore;
    private int leavesBefore;

    Departure(ColoControl control, GuestEvents events, StopsInCopy stopsInCopy) {
        this.control = control;
        this.events = events;
        this.stopsInCopy = stopsInCopy;
    }

    /** Has QEMU leave; waits for an answer only where the guest may be one that stays stopped. */
    void begin() {
        // Asked of QEMU too: whatever it does itself when it leaves COLO, no guest may be left paused for that.
        stays = stopsInCopy.byOthers() || events.stoppedByOthers() && control.isStoppedByOthers();
        resumesBefore = events.resumes();
        leavesBefore = control.leaves();
        control.leave();
    }

    /** Waits until QEMU has left, and stops the guest again where it is to stand still. */
    void finish() {
        if (!control.awaitOut()) {
            LOG.warn("QEMU does not say that it is out of COLO; is it gone, or stuck?");
        } else if (stays && control.leaves() > leavesBefore) {
            // Otherwise QEMU wasn't in COLO and lets nobody run: whoever does it now may.
            awaitResume();
            LOG.warn("QEMU may have let the guest run when it left COLO: it is stopped again, as an operator had it");
            control.stop();
        }
    }

    /** A stop of a guest that doesn't run yet would come to nothing. */
    private void awaitResume() {
        try {
            if (!PartedWait.until(RESUME_LIMIT_NANOS, nanos -> events.awaitResumeAfter(resumesBefore, nanos))) {
                LOG.debug("QEMU has not let the guest run");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
