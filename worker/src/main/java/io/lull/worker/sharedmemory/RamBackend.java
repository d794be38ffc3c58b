package io.lull.worker.sharedmemory;

import io.lull.worker.qemu.Qmp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds out where a running QEMU keeps the guest's main memory. */
public final class RamBackend {
    static final String FOLDER = "/objects/";
    private static final String HOW = ": start QEMU with -object memory-backend-file,id=ram0,size=SIZE,share=on,"
            + "mem-path=FILE -machine memory-backend=ram0, FILE on a tmpfs";

    private RamBackend() {}

    /**
     * What was found.
     *
     * @param file the shared file, if the memory is in one
     * @param why it is not, and what to do; empty when it is
     */
    public record Found(Optional<RamFile> file, String why) {
        private static Found not(String why) {
            return new Found(Optional.empty(), why + HOW);
        }
    }

    /**
     * Asks QEMU, and looks whether the process really has that file mapped.
     *
     * @param processId QEMU's
     * @throws IOException when QEMU or the system does not answer
     */
    public static Found find(Qmp qmp, long processId) throws IOException {
        String path = property(qmp, "/machine", "memory-backend");
        if (path.isEmpty()) {
            return Found.not("the guest's memory is no backend of its own");
        }
        String object = path.startsWith("/") ? path : FOLDER + path;
        String type = property(qmp, object, "type");
        if (!type.equals("memory-backend-file")) {
            return Found.not("the guest's memory is a " + type + ", no file");
        }
        if (!Boolean.parseBoolean(property(qmp, object, "share"))) {
            return Found.not("the guest's memory is a file that isn't shared");
        }
        Path named = Path.of(property(qmp, object, "mem-path"));
        Path file = Path.of("/proc", Long.toString(processId), "cwd").resolve(named);
        file = named.isAbsolute() ? named : file.toRealPath();
        if (!Files.isRegularFile(file)) {
            return Found.not("the guest's memory is in " + file + ", which is no file that this worker sees");
        }
        if (!isMapped(file, processId)) {
            return Found.not("QEMU has no shared mapping of " + file
                    + "; was the file removed, or made anew, since it was" + " started?");
        }
        long bytes = Long.parseLong(property(qmp, object, "size"));
        String backend = object.substring(object.lastIndexOf('/') + 1);
        return new Found(Optional.of(new RamFile(file, backend, bytes)), "");
    }

    private static String property(Qmp qmp, String object, String name) throws IOException {
        return qmp.execute("qom-get", Map.of("path", object, "property", name)).asText("");
    }

    /** By the file's number, not by its name: another file may have that by now. */
    private static boolean isMapped(Path file, long processId) throws IOException {
        String inode = String.valueOf(Files.getAttribute(file, "unix:ino"));
        try (Stream<String> maps = Files.lines(Path.of("/proc", Long.toString(processId), "maps"))) {
            return maps.map(line -> line.strip().split("\\s+", 6))
                    .anyMatch(parts -> parts.length >= 5 && parts[1].endsWith("s") && parts[4].equals(inode));
        }
    }
}
