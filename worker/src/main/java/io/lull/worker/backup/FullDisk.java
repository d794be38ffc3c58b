package io.lull.worker.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Tells a disk without room from other faults, by what the system says: Java has no exception of its own for it. */
final class FullDisk {
    /** What ENOSPC and EDQUOT are called; under another language of the system's the advice is less exact. */
    private static final List<String> SAID_OF_IT = List.of("No space left on device", "Disk quota exceeded");

    /** Causes are looked at so deep. */
    private static final int MAX_CAUSES = 8;

    private FullDisk() {}

    /** Whether that is why something failed. */
    static boolean isCauseOf(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof IOException && SAID_OF_IT.stream().anyMatch(message::contains)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** What is to be done before a backup that failed so is restarted. */
    static String advice(Throwable failure) {
        return isCauseOf(failure)
                ? "make room there and restart this backup"
                : "mend that, as its log says more of, and restart this backup";
    }

    /** The same failure of a write, with the file's name. */
    static IOException writing(Path file, IOException failure) {
        return new IOException("cannot write " + file + ": " + failure.getMessage(), failure);
    }
}
