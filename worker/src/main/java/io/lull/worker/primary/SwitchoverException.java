package io.lull.worker.primary;

/** A switchover that came to nothing; the message says in one line why, and where the VM is. */
public final class SwitchoverException extends Exception {
    private static final long serialVersionUID = 1L;

    SwitchoverException(String message) {
        super(message);
    }
}
