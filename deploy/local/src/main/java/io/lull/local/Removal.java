package io.lull.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Removes folders with all that they hold. */
public final class Removal {
    /** Who ends in the same moment may still write a file or remove its own. */
    private static final int ATTEMPTS = 10;

    private static final long PAUSE_MILLIS = 50;

    private Removal() {}

    /** Removes a folder; does nothing when there is none. */
    public static void remove(Path folder) throws IOException {
        for (int attempt = 1; Files.exists(folder); attempt++) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException | UncheckedIOException e) {
                if (attempt == ATTEMPTS) {
                    throw new IOException("the folder " + folder + " can't be removed: " + e.getMessage(), e);
                }
                Await.pass(PAUSE_MILLIS);
            }
        }
    }
}
