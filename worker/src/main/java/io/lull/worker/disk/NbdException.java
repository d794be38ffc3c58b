package io.lull.worker.disk;

import java.io.IOException;

/** A client that broke the NBD protocol; its connection is dropped. */
public final class NbdException extends IOException {
    private static final long serialVersionUID = 1L;

    public NbdException(String message) {
        super(message);
    }
}
