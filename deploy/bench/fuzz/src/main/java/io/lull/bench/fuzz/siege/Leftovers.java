package io.lull.bench.fuzz.siege;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What hostile peers must not leave behind: threads and open files. */
final class Leftovers {
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final Path MEMORY = Path.of("/proc/self/statm");
    private static final int PAGE_KIB = 4;
    /** Files that the JVM itself may have opened meanwhile: jars, devices. */
    private static final long TOLERATED_FILES = 10;

    private static final int LOOKS = 100;
    private static final int LOOK_MILLIS = 50;

    private final String threads;
    private final long filesBefore;
    private final long memoryBeforeKib;

    /** Remembers how things are before a siege; {@code threads} is what the names of its threads begin with. */
    Leftovers(String threads) throws IOException {
        this.threads = threads;
        this.filesBefore = files();
        this.memoryBeforeKib = memoryKib();
    }

    /** What is left once things have had a moment to end. */
    List<String> look() throws IOException, InterruptedException {
        for (int i = 0; i < LOOKS && !now().isEmpty(); i++) {
            Thread.sleep(LOOK_MILLIS);
        }
        return now();
    }

    private List<String> now() throws IOException {
        List<String> left = new ArrayList<>();
        long alive = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(threads))
                .count();
        if (alive > 0) {
            left.add(alive + " threads " + threads + "* are left");
        }
        long files = files() - filesBefore;
        if (files > TOLERATED_FILES) {
            left.add(files + " more files are open than before");
        }
        return left;
    }

    /** Growth of the process's memory, in words. */
    String text() throws IOException {
        return "resident memory grew by " + (memoryKib() - memoryBeforeKib) / 1024 + " MiB";
    }

    private static long files() throws IOException {
        try (Stream<Path> all = Files.list(OPEN_FILES)) {
            return all.count();
        }
    }

    private static long memoryKib() throws IOException {
        return Long.parseLong(Files.readString(MEMORY).split(" ")[1]) * PAGE_KIB;
    }
}
