package io.lull.worker.output;

import java.io.IOException;

/** A gate socket that was closed, or that carried what is not QEMU's framing; the connection is of no more use. */
public final class GateException extends IOException {
    private static final long serialVersionUID = 1L;

    public GateException(String message) {
        super(message);
    }
}
