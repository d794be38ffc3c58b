package io.lull.worker.wire;

import java.io.EOFException;

/** The connection ended, and the peer had not said that it would: its process is gone, or somebody cut the connection. */
public final class TruncatedException extends EOFException {
    private static final long serialVersionUID = 1L;

    TruncatedException() {
        super("the connection ended without a word of the peer's (no close_notify)");
    }
}
