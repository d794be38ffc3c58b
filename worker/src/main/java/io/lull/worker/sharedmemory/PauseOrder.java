package io.lull.worker.sharedmemory;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.worker.capture.CaptureException;
import io.lull.worker.capture.GuestEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** One order to pause, and whether the guest has stood still from then on until it is let run. */
final class PauseOrder {
    private final QemuOrders qemu;
    private final GuestHold hold;
    private final GuestEvents events;
    private final long atNanos;
    private final int resumesBefore;
    private final QemuOrders.Pause answers;

    /** Gives the order; whoever watches has heard of it before QEMU does. */
    PauseOrder(QemuOrders qemu, GuestHold hold, GuestEvents events, Path deviceState, long atNanos) {
        this.qemu = qemu;
        this.hold = hold;
        this.events = events;
        this.atNanos = atNanos;
        this.resumesBefore = events.resumes();
        hold.begin();
        this.answers = qemu.pause(deviceState);
    }

    long atNanos() {
        return atNanos;
    }

    void awaitStopped() throws IOException {
        QemuOrders.await("stop", answers.stopped());
    }

    void awaitSaved() throws IOException {
        QemuOrders.await("xen-save-devices-state", answers.saved());
    }

    /** @throws CaptureException when somebody has let the guest run since the order */
    void requireStill() throws IOException {
        if (QemuOrders.runs(qemu.askStatus()) || events.resumes() != resumesBefore) {
            throw freedByOthers();
        }
    }

    /**
     * Lets the guest run.
     *
     * @throws CaptureException when somebody had done so before; it runs all the same
     */
    void letRun() throws IOException {
        // Carried out one after the other: no round trip more in the pause.
        CompletableFuture<JsonNode> before = qemu.askStatus();
        hold.release();
        if (QemuOrders.runs(before) || events.resumes() != resumesBefore + 1) {
            throw freedByOthers();
        }
    }

    private static CaptureException freedByOthers() {
        return new CaptureException("the guest was let run in the middle of a checkpoint, which is void");
    }
}
