package io.lull.bench.faults.scene;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system in memory of bounded size, mounted where a backup keeps its image; it can be filled up. Needs root. */
public final class SmallMemory implements AutoCloseable {
    private static final int PIECE_BYTES = 1 << 20;

    private final Path folder;
    private final Path filler;

    /** Mounts {@code mebibytes} at {@code folder}, which is made. */
    public SmallMemory(Path folder, int mebibytes) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.filler = folder.resolve("filler");
        run(List.of("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "lull-faults", folder.toString()));
    }

    /** Leaves no byte free. */
    public void fill() throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException full) {
            if (folder.toFile().getUsableSpace() >= PIECE_BYTES) {
                throw new IOException(folder + " could not be filled: " + full.getMessage(), full);
            }
        }
    }

    /** Gives the room back. */
    public void free() throws IOException {
        Files.deleteIfExists(filler);
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Unmounts, also while a backup still has files there. */
    @Override
    public void close() throws IOException {
        run(List.of("umount", "-l", folder.toString()));
    }
}
