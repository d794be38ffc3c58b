package io.lull.worker.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

/** Locks of a backup on its files, for as long as their channels are open; other workers respect them, QEMU doesn't see them. */
final class StoreLock {
    /** Far behind any end of file, and behind the bytes around 100 that QEMU locks in disk images. */
    private static final long AT_BYTES = 1L << 62;

    private StoreLock() {}

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
