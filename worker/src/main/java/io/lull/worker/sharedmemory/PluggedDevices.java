package io.lull.worker.sharedmemory;

import io.lull.worker.capture.CaptureException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The devices that a VM has, as they were when its session began. Under COLO QEMU refuses to plug one; here it doesn't, and a standby of
 * the session can't load the state of a device that it doesn't know, nor has memory that came later been compared.
 */
final class PluggedDevices {
    /** A look costs two calls, while the guest runs. */
    static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final QemuOrders qemu;
    private final LongSupplier nanoClock;
    private final Set<String> atBegin;
    private long lookedNanos;

    PluggedDevices(QemuOrders qemu, LongSupplier nanoClock) throws IOException {
        this.qemu = qemu;
        this.nanoClock = nanoClock;
        this.atBegin = qemu.devices();
        this.lookedNanos = nanoClock.getAsLong();
    }

    /**
     * Looks again, not more often than each {@link #LOOK_NANOS}.
     *
     * @throws CaptureException when they are others
     */
    void look() throws IOException {
        long nowNanos = nanoClock.getAsLong();
        if (nowNanos - lookedNanos < LOOK_NANOS) {
            return;
        }
        lookedNanos = nowNanos;
        Set<String> now = qemu.devices();
        if (!now.equals(atBegin)) {
            throw new CaptureException("a device was plugged in or out: the VM has " + now + ", and had " + atBegin
                    + " when the session began. The standby's command line must have the same devices");
        }
    }
}
