package io.lull.worker.backup;

import java.io.IOException;

/** A file that an earlier process left is not what this one can build on. */
final class UnreadableException extends IOException {
    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
        super(message);
    }
}
