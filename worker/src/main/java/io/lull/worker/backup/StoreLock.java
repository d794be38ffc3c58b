package io.lull.worker.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that a backup has open, and locked for as long; other workers respect that, QEMU doesn't see it. The locks of QEMU are looked
 * at.
 *
 * <p>The kernel's locks belong to a process: it drops all of them on a file when the process closes any channel on it. So what a backup of this
 * process has locked isn't opened here a second time, by whatever name, not even to find that it is locked.
 */
final class StoreLock implements AutoCloseable {
    /** Far behind any end of file, and behind the bytes around 100 that QEMU locks in disk images. */
    private static final long AT_BYTES = 1L << 62;

    /** Where QEMU holds a shared lock while it may write to an image: RAW_LOCK_PERM_BASE and the bit of BLK_PERM_WRITE. */
    private static final long QEMU_WRITES_AT_BYTES = 101;

    /** Device and inode of each file that this process has locked. */
    private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final Object key;
    private final FileChannel channel;

    private StoreLock(Path file, Object key, FileChannel channel) {
        this.file = file;
        this.key = key;
        this.channel = channel;
    }

    /**
     * Opens and locks a file that may have to be made.
     *
     * @throws IOException as {@link #open}
     */
    static StoreLock create(Path file, OpenOption... how) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException there) {
            // Known without having been opened.
        }
        return open(file, how);
    }

    /**
     * Opens and locks a file that is there.
     *
     * @param how to write at least
     * @throws IOException when another backup holds it
     */
    static StoreLock open(Path file, OpenOption... how) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        Object key = attributes.fileKey() == null ? file.toRealPath() : attributes.fileKey();
        if (!HELD.add(key)) {
            throw inUse(file);
        }
        try {
            return new StoreLock(file, key, locked(file, how));
        } catch (IOException | RuntimeException e) {
            HELD.remove(key);
            throw e;
        }
    }

    private static FileChannel locked(Path file, OpenOption... how) throws IOException {
        FileChannel channel = FileChannel.open(file, how);
        try {
            if (channel.tryLock(AT_BYTES, 1, false) == null) {
                throw inUse(file);
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static IOException inUse(Path file) {
        return new IOException(
                file + " is in use by another backup worker; end that one, or give this one files of its own");
    }

    FileChannel channel() {
        return channel;
    }

    /**
     * Which process writes to it as a disk image; empty while none does. A standby QEMU doesn't before its VM runs.
     *
     * @throws IOException when the locks can't be looked at
     */
    Optional<String> writer() throws IOException {
        try (FileLock free = channel.tryLock(QEMU_WRITES_AT_BYTES, 1, false)) {
            return free == null
                    ? Optional.of("a QEMU of that host writes to " + file + ", where the backup would put its copy;"
                            + " end the old VM there")
                    : Optional.empty();
        } catch (OverlappingFileLockException e) {
            return Optional.of("another backup worker of that host uses " + file);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(key);
        }
    }
}
