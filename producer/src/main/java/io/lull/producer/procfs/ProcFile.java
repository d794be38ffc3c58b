package io.lull.producer.procfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of {@code /proc} that stays open and is read again from its start into one buffer: a read costs one system call
 * (about 1 µs for schedstat, where opening anew costs 30). It is opened anew once a thread was interrupted in a read, which closes
 * it. Not thread-safe.
 */
final class ProcFile implements AutoCloseable {
    private final Path path;
    private FileChannel channel;
    private final ByteBuffer buffer;
    private boolean closed;

    private ProcFile(Path path, FileChannel channel, int maxBytes) {
        this.path = path;
        this.channel = channel;
        this.buffer = ByteBuffer.allocateDirect(maxBytes);
    }

    /** @param maxBytes how much of the file's beginning is read */
    static ProcFile open(Path path, int maxBytes) throws ProbeException {
        try {
            return new ProcFile(path, FileChannel.open(path, StandardOpenOption.READ), maxBytes);
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /** The file's beginning as it is now; valid until the next read. */
    ByteBuffer read() throws ProbeException {
        try {
            if (!channel.isOpen() && !closed) {
                channel = FileChannel.open(path, StandardOpenOption.READ);
            }
            if (channel.read(buffer.clear(), 0) <= 0) {
                throw new ProbeException(ProbeException.Kind.GONE, path + " is empty: its thread has ended");
            }
            return buffer.flip();
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    private static ProbeException failure(Path path, IOException cause) {
        ProbeException failure = Files.exists(path)
                ? new ProbeException(
                        ProbeException.Kind.UNREADABLE, "cannot read " + path + ": " + cause + "; run as QEMU's user")
                : new ProbeException(ProbeException.Kind.GONE, path + " is gone: its process or thread has ended");
        failure.initCause(cause);
        return failure;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        channel.close();
    }
}
