package io.lull.bench.faults.scene;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system in memory of bounded size that can be filled up. Needs root. */
public final class SmallMemory implements AutoCloseable {
    private static final int PIECE_BYTES = 1 << 20;

    private final Path folder;
    private final Path filler;

    /** Mounts {@code mebibytes} at {@code folder}, which is made. */
    public SmallMemory(Path folder, int mebibytes) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.filler = folder.resolve("filler");
        Tool.succeed(
                List.of("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "lull-faults", folder.toString()));
    }

    Path folder() {
        return folder;
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

    /** Unmounts, also while somebody still has files there. */
    @Override
    public void close() throws IOException {
        Tool.succeed(List.of("umount", "-l", folder.toString()));
        Files.deleteIfExists(folder);
    }
}
