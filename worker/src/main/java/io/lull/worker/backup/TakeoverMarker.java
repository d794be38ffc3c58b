package io.lull.worker.backup;

import io.lull.policy.VmId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;

/**
 * A file which says that this backup has taken its VM over, so that no later process of it serves the old primary.
 *
 * <p>It lies beside the disk's copy, named after it: the copy is what a second primary would spoil, and the file lasts as
 * long. Without a disk in a regular file it lies in the image's folder, whose loss with the host is the VM's loss too. It
 * goes when a backup is started and the fence has it that the VM is another's by now; or by an operator's hand.
 */
final class TakeoverMarker {
    static final String NAME = "taken-over";

    private final Path file;

    private TakeoverMarker(Path file) {
        this.file = file;
    }

    static TakeoverMarker of(BackupOptions.Store store) {
        return new TakeoverMarker(store.disk()
                .filter(Files::isRegularFile)
                .map(disk -> disk.resolveSibling(disk.getFileName() + "." + NAME))
                .orElseGet(() -> store.directory().resolve(NAME)));
    }

    Path file() {
        return file;
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** The takeover that it notes, as far as it says which; empty when it doesn't. */
    Optional<Taking> taking() throws IOException {
        return Taking.in(Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    /**
     * What it says.
     *
     * @param taking what the fence has it by
     */
    static String note(VmId vm, long epoch, String reason, Instant at, Optional<Taking> taking) {
        return "The backup of VM " + vm + " took it over at " + at + " from epoch " + epoch + ": " + reason
                + ".\nWhile this file is here, no backup serves a primary with this disk or image. Remove it when the VM"
                + " that was started here is gone, and what it wrote may be overwritten. Where the fence below has it by a"
                + " later term that the VM is another's, a backup that is started removes it.\n"
                + taking.map(Taking::text).orElse("");
    }

    /** Puts the file on stable storage. An empty one, of a crash in between, counts as well. */
    void write(String text) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ", without which no VM is taken over: " + e, e);
        }
        syncFolder();
    }

    /** Takes it back: the VM doesn't run here. */
    void remove() throws IOException {
        if (Files.deleteIfExists(file)) {
            syncFolder();
        }
    }

    private void syncFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
