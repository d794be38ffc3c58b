package io.lull.worker.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A run of a VM: one QEMU process. Workers come and go and find the same; a VM that is started again, here or elsewhere, is
 * another run.
 *
 * @param processId of QEMU
 * @param id of the backup process that took the VM over in this QEMU, where one did; else made of the kernel's boot id, the
 *     process id, and the time of the process's start in ticks since boot: no two runs share it
 */
public record QemuRun(long processId, UUID id) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    /** Counted from the state, the first field after the process's name, which may hold anything. */
    private static final int START_TIME = 19;

    /**
     * The run that a thread belongs to.
     *
     * @throws IOException when there is no such thread
     */
    public static QemuRun ofThread(long threadId) throws IOException {
        Path status = Path.of("/proc", Long.toString(threadId), "status");
        try (Stream<String> lines = Files.lines(status)) {
            long processId = lines.filter(line -> line.startsWith("Tgid:"))
                    .map(line -> Long.parseLong(line.substring(5).trim()))
                    .findFirst()
                    .orElseThrow(() -> new IOException(status + " names no process"));
            return new QemuRun(processId, idOf(processId));
        }
    }

    /** The same process, whose VM the fence knows by the id of the backup that took it over. */
    public QemuRun takenBy(UUID taker) {
        return new QemuRun(processId, taker);
    }

    private static UUID idOf(long processId) throws IOException {
        Path file = Path.of("/proc", Long.toString(processId), "stat");
        String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        if (fields.length <= START_TIME) {
            throw new IOException(file + " has " + fields.length + " fields after the name: no start time");
        }
        String identity = Files.readString(BOOT_ID).trim() + " " + processId + " " + fields[START_TIME];
        return UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8));
    }
}
