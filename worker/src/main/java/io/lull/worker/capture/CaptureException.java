package io.lull.worker.capture;

import java.io.IOException;

/** A checkpoint can't be captured, or what was captured is void; the source must be closed. */
public class CaptureException extends IOException {
    private static final long serialVersionUID = 1L;

    public CaptureException(String message) {
        super(message);
    }

    public CaptureException(String message, Throwable cause) {
        super(message, cause);
    }
}
