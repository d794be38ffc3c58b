package io.lull.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The disk files of a stack's VM: the primary's and the backup's, of the same contents at first. */
final class LocalDisks {
    private static final int BLOCK_BYTES = 4096;

    private final LocalOptions options;
    private final Surroundings surroundings;

    LocalDisks(LocalOptions options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    /** Makes the primary's; returns its file. */
    Path primary() throws IOException {
        Path file = surroundings.diskFolder().orElse(options.folder()).resolve("primary.raw");
        make(file);
        return file;
    }

    /** Makes the backup's; returns its file. */
    Path backup() throws IOException {
        make(backupFile());
        return backupFile();
    }

    Path backupFile() {
        return options.folder().resolve("backup.raw");
    }

    /** With holes where nothing was written: each first write to such a place needs room. */
    private void make(Path file) throws IOException {
        Path from =
                surroundings.guest().map(WarmGuest::disk).orElse(options.guest().resolve("data.ext4"));
        byte[] image = Files.readAllBytes(from);
        Files.deleteIfExists(file);
        try (FileChannel to = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int at = 0; at < image.length; at += BLOCK_BYTES) {
                int length = Math.min(BLOCK_BYTES, image.length - at);
                boolean last = at + length == image.length;
                if (last || !isZero(image, at, length)) {
                    to.position(at);
                    write(to, ByteBuffer.wrap(image, at, length));
                }
            }
        }
    }

    private static void write(FileChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    private static boolean isZero(byte[] image, int at, int length) {
        for (int i = at; i < at + length; i++) {
            if (image[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
