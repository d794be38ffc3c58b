package io.lull.worker.sharedmemory;

import io.lull.worker.capture.CaptureException;
import java.io.IOException;
import java.util.Set;

/**
 * The devices that a VM has, as they were when its session began. Under COLO QEMU refuses to plug one; here it doesn't, and a standby of
 * the session can't load the state of a device that it doesn't know, nor has memory that came later been compared.
 */
final class PluggedDevices {
    private final QemuOrders qemu;
    private final Set<String> atBegin;

    PluggedDevices(QemuOrders qemu) throws IOException {
        this.qemu = qemu;
        this.atBegin = qemu.devices();
    }

    /**
     * Looks again, by two calls; to be done after a pause, before what was captured in it counts.
     *
     * @throws CaptureException when they are others
     */
    void look() throws IOException {
        Set<String> now = qemu.devices();
        if (!now.equals(atBegin)) {
            throw new CaptureException("a device was plugged in or out: the VM has " + now + ", and had " + atBegin
                    + " when the session began. The standby's command line must have the same devices");
        }
    }
}
