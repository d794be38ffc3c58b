package io.lull.worker.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The files of a backup, which no other backup uses meanwhile: the image's folder, and the disk's copy unless the VM was
 * taken over already. Then the copy is the VM's own.
 */
final class OwnedStore implements AutoCloseable {
    static final String LOCK = "lock";

    private final Path directory;
    private final FileChannel lock;
    private final TakeoverMarker marker;
    private final boolean takenOver;
    private final Optional<DiskImage> disk;

    /**
     * Opens and locks.
     *
     * @throws IOException when a file can't be opened or is another backup's; nothing stays open
     */
    OwnedStore(BackupOptions.Store store) throws IOException {
        this.directory = store.directory();
        this.marker = TakeoverMarker.of(store);
        Path file = directory.resolve(LOCK);
        this.lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            StoreLock.take(lock, file);
            this.takenOver = marker.exists();
            this.disk = takenOver || store.disk().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new DiskImage(store.disk().get(), store.syncDisk()));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    Path imageFile() {
        return directory.resolve("image.ram");
    }

    TakeoverMarker marker() {
        return marker;
    }

    /** Whether an earlier process took the VM over. */
    boolean takenOver() {
        return takenOver;
    }

    Optional<DiskImage> disk() {
        return disk;
    }

    OptionalLong diskBytes() {
        return disk.isPresent() ? OptionalLong.of(disk.get().bytes()) : OptionalLong.empty();
    }

    @Override
    public void close() throws IOException {
        try {
            if (disk.isPresent()) {
                disk.get().close();
            }
        } finally {
            lock.close();
        }
    }
}
