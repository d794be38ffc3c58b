package io.lull.local.oracle;

import io.lull.local.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;

/** What a test has started, ended in reverse; and a folder in memory, which goes last. */
final class Owned implements AutoCloseable {
    private static final long END_MILLIS = 10_000;
    /** Who runs the tests, so that deploy/test.sh can tell its own leftovers from those of others. */
    private static final String RUN = System.getenv().getOrDefault("LULL_RUN", "alone");

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Path memory;

    Owned() throws IOException {
        this.memory = Files.createTempDirectory(Path.of("/dev/shm"), "lull-" + RUN + "-oracle-");
    }

    /** A folder whose files lie in memory. */
    Path memory() {
        return memory;
    }

    <T extends AutoCloseable> T own(T part) {
        parts.push(part);
        return part;
    }

    /** Ends everything, then checks that no process and no file in memory is left. */
    @Override
    public void close() throws Exception {
        Exception first = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        try (Stream<Path> files = Files.walk(memory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        if (first != null) {
            throw first;
        }
        Await.until("no process of the test is left", END_MILLIS, () -> ProcessHandle.current()
                .children()
                .noneMatch(ProcessHandle::isAlive));
    }
}
