package io.lull.worker.colo;

import io.lull.worker.capture.CaptureException;

/** QEMU's stream is not what was expected, or ended: the checkpoint at hand is void and the source must be disarmed. */
public final class ColoStreamException extends CaptureException {
    private static final long serialVersionUID = 1L;

    public ColoStreamException(String message) {
        super(message);
    }
}
