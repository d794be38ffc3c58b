package io.lull.worker.cli;

import java.io.IOException;

/** A VM's stay that came to nothing, and is to be begun again: what it failed by goes by itself, or is gone; one line. */
final class AgainException extends IOException {
    private static final long serialVersionUID = 1L;

    AgainException(String message) {
        super(message);
    }

    AgainException(Exception cause) {
        super(LullCommand.inOneLine(cause), cause);
    }
}
