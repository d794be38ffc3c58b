package io.lull.worker.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Locks of a backup on its files, for as long as their channels are open; other workers respect them, QEMU doesn't see
 * them. Those of QEMU are looked at.
 */
final class StoreLock {
    /** Far behind any end of file, and behind the bytes around 100 that QEMU locks in disk images. */
    private static final long AT_BYTES = 1L << 62;

    /** Where QEMU holds a shared lock while it may write to an image: RAW_LOCK_PERM_BASE and the bit of BLK_PERM_WRITE. */
    private static final long QEMU_WRITES_AT_BYTES = 101;

    private StoreLock() {}

    /**
     * Which process writes to a disk image; empty while none does. A standby QEMU doesn't before its VM runs.
     *
     * @throws IOException when the locks can't be looked at
     */
    static Optional<String> writer(FileChannel channel, Path file) throws IOException {
        try (FileLock free = channel.tryLock(QEMU_WRITES_AT_BYTES, 1, false)) {
            return free == null
                    ? Optional.of("a QEMU of that host writes to " + file + ", where the backup would put its copy;"
                            + " end the old VM there")
                    : Optional.empty();
        } catch (OverlappingFileLockException e) {
            return Optional.of("another backup worker of that host uses " + file);
        }
    }

    /**
     * Locks a file that is open for writing.
     *
     * @throws IOException when another backup holds it
     */
    static void take(FileChannel channel, Path file) throws IOException {
        boolean taken;
        try {
            taken = channel.tryLock(AT_BYTES, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            taken = false;
        }
        if (!taken) {
            throw new IOException(
                    file + " is in use by another backup worker; end that one, or give this one files of its own");
        }
    }
}
