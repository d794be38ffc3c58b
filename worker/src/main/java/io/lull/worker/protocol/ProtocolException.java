package io.lull.worker.protocol;

import java.io.IOException;

/** Hostile or broken input from a peer: the receiver drops the connection and keeps everything it had. */
public final class ProtocolException extends IOException {
    private final boolean versionMismatch;

    public ProtocolException(String message) {
        this(message, false);
    }

    private ProtocolException(String message, boolean versionMismatch) {
        super(message);
        this.versionMismatch = versionMismatch;
    }

    /** A frame of a protocol version that this side doesn't speak. */
    static ProtocolException otherVersion(int theirs) {
        return new ProtocolException(
                "peer speaks protocol version " + theirs + ", this side " + FrameHeader.VERSION
                        + ": run the same release on both hosts",
                true);
    }

    /** Whether the peer speaks another version: it deserves a REFUSED before the connection closes. */
    public boolean isVersionMismatch() {
        return versionMismatch;
    }
}
