package io.lull.bench.fuzz.siege;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What hostile peers must not leave behind: threads, open files, memory. */
final class Leftovers {
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final Path RESIDENT = Path.of("/proc/self/statm");
    private static final int PAGE_KIB = 4;
    /** Files that the JVM itself may have opened meanwhile: jars, devices. */
    private static final long TOLERATED_FILES = 10;

    /** Heap and direct memory that a siege may leave in use: code and caches that it was the first to need. */
    private static final long TOLERATED_BYTES = 64 << 20;

    private static final int LOOKS = 100;
    private static final int LOOK_MILLIS = 50;

    private final String threads;
    private final long filesBefore;
    private final long residentBeforeKib;
    private final long usedBeforeBytes;

    /** Remembers how things are before a siege; {@code threads} is what the names of its threads begin with. */
    Leftovers(String threads) throws IOException {
        this.threads = threads;
        this.filesBefore = files();
        this.residentBeforeKib = residentKib();
        this.usedBeforeBytes = usedBytes();
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
        if (usedBytes() - usedBeforeBytes > TOLERATED_BYTES) {
            left.add((usedBytes() - usedBeforeBytes >> 20) + " MiB of heap and direct memory are in use still");
        }
        return left;
    }

    /** Growth of memory, in words. */
    String text() throws IOException {
        return String.format(
                "memory in use grew by %d MiB, resident by %d",
                usedBytes() - usedBeforeBytes >> 20, residentKib() - residentBeforeKib >> 10);
    }

    private static long usedBytes() {
        System.gc();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return direct + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long files() throws IOException {
        try (Stream<Path> all = Files.list(OPEN_FILES)) {
            return all.count();
        }
    }

    private static long residentKib() throws IOException {
        return Long.parseLong(Files.readString(RESIDENT).split(" ")[1]) * PAGE_KIB;
    }
}
