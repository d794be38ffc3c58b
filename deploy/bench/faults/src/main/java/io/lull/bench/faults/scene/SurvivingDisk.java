package io.lull.bench.faults.scene;

import io.lull.bench.faults.check.AppendOnlyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The disk that the VM had at its end, as a restart of the guest would find it: its journal replayed. */
final class SurvivingDisk {
    private static final String LOG_IN_GUEST = "/appendonlydir/appendonly.aof.1.incr.aof";
    /** Of {@code e2fsck}: nothing was wrong, or what was is corrected. */
    private static final int CORRECTED = 1;

    private SurvivingDisk() {}

    /**
     * How many INCR of this key redis has logged on the disk.
     *
     * @param disk of a VM that has ended; the file is repaired as at a mount
     */
    static long increments(Path disk, String key) throws IOException {
        Tool check = Tool.run(List.of("e2fsck", "-fy", disk.toString()));
        if (check.code() > CORRECTED) {
            throw new IOException("the file system on " + disk + " is broken: " + check.said());
        }
        Path log = disk.resolveSibling("appendonly.aof");
        Files.deleteIfExists(log);
        Tool dump = Tool.run(List.of("debugfs", "-R", "dump " + LOG_IN_GUEST + " " + log, disk.toString()));
        if (!Files.exists(log)) {
            throw new IOException("redis' log " + LOG_IN_GUEST + " is not on " + disk + ": " + dump.said());
        }
        return AppendOnlyFile.increments(Files.readAllBytes(log), key);
    }
}
