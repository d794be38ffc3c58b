package io.lull.bench.faults.scene;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A wall clock of some processes that can jump, by a preload ({@code src/main/c/clockshift.c}); the machine's own clock is
 * never set, and monotonic time goes on. A process that is started again finds the clock as it was left.
 */
final class ShiftedClock {
    private static final String SOURCE = "deploy/bench/faults/src/main/c/clockshift.c";
    private static final long MILLI_NANOS = 1_000_000;

    private final Path preload;
    private final Path file;

    /** A clock that is right. */
    ShiftedClock(Path preload, Path file) throws IOException {
        this.preload = preload;
        this.file = file;
        setOffBy(0);
    }

    /** Compiles the preload into a folder. */
    static Path buildPreload(Path root, Path folder) throws IOException {
        Path preload = folder.resolve("clockshift.so");
        String source = root.resolve(SOURCE).toString();
        Tool.succeed(List.of(
                "gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", preload.toString(), source));
        return preload;
    }

    /** The command of a process that lives by this clock. */
    List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(List.of("env", "LD_PRELOAD=" + preload, "CLOCKSHIFT_FILE=" + file));
        all.addAll(command);
        return all;
    }

    /** From now on the clock is ahead of the machine's by this, or behind it. */
    void setOffBy(long millis) throws IOException {
        byte[] nanos = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(millis * MILLI_NANOS)
                .array();
        // In place: the processes have it mapped.
        Files.write(file, nanos, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
