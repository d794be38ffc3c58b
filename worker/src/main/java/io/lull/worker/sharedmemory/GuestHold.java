package io.lull.worker.sharedmemory;

import io.lull.worker.capture.GuestEvents;
import io.lull.worker.capture.GuestStops;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the guest stands still by the worker's order. The watchdog process knows before QEMU does, and until QEMU says
 * that the guest runs: a worker that dies in between can't leave it paused.
 */
final class GuestHold {
    private static final Logger LOG = LoggerFactory.getLogger(GuestHold.class);

    private final QemuOrders qemu;
    private final GuestStops stops;
    private final GuestEvents events;
    private boolean held;

    GuestHold(QemuOrders qemu, GuestStops stops, GuestEvents events) {
        this.qemu = qemu;
        this.stops = stops;
        this.events = events;
    }

    private synchronized boolean isHeld() {
        return held;
    }

    /** To be called before QEMU is told to stop the guest. */
    synchronized void begin() {
        held = true;
        events.expectStop();
        stops.guestStops();
    }

    /** Lets the guest run and waits until QEMU says that it does. */
    void release() throws IOException {
        QemuOrders.await("cont", qemu.cont());
        ended();
    }

    /** As {@link #release}, for a guest that is to run whatever else failed; if it can't be let run, the log says so. */
    void releaseAfterFailure() {
        if (!isHeld()) {
            return;
        }
        try {
            release();
        } catch (IOException e) {
            LOG.warn("the guest could not be told to run; is its QEMU gone? {}", e.getMessage());
        }
    }

    /** Lets the guest run; does not wait. */
    void free() {
        qemu.cont().whenComplete((done, error) -> {
            if (error == null) {
                ended();
            } else {
                LOG.error("the guest can't be freed: {}", error.getMessage());
            }
        });
    }

    private synchronized void ended() {
        if (held) {
            held = false;
            stops.guestRuns();
        }
    }
}
