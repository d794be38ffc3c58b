package io.lull.worker.backup;

/** A takeover that didn't happen; the message says why and whether anything runs. */
public final class FailoverException extends Exception {
    public FailoverException(String message) {
        super(message);
    }
}
