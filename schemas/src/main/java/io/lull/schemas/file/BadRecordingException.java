package io.lull.schemas.file;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Says what keeps bytes from being a recording, and what to do; the file's name is its catcher's to add. */
final class BadRecordingException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    BadRecordingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
