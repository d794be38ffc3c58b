package io.lull.worker.backup;

import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.DiskZero;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The backup's raw image of the VM's disk, as of the last committed epoch; for the apply thread. */
final class DiskImage implements AutoCloseable {
    private static final int ZERO_BYTES = 1 << 20;
    /** So much at most is forced to stable storage at once, so that a whole disk's first copy is seen to go on. */
    private static final long FORCED_BYTES = 64L << 20;

    private final Path file;
    private final StoreLock lock;
    private final FileChannel channel;
    private final long bytes;
    private final boolean sync;
    /** Written by the apply thread alone. */
    private final AtomicLong steps = new AtomicLong();

    private long unforcedBytes;
    private DiskTrace trace = new DiskTrace(List.of());
    private final ByteBuffer present = ByteBuffer.allocateDirect(ZERO_BYTES);
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(ZERO_BYTES).asReadOnlyBuffer();

    /**
     * Opens an image that exists and that no QEMU writes to, and locks it against other backups.
     *
     * @param sync whether each epoch's writes reach stable storage before it counts as committed; without, a crash of the
     *     backup's host may lose them, but then the backup's memory is lost as well
     */
    DiskImage(Path file, boolean sync) throws IOException {
        this.file = file;
        this.lock = StoreLock.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.channel = lock.channel();
        this.sync = sync;
        try {
            Optional<String> writer = lock.writer();
            if (writer.isPresent()) {
                throw new IOException(writer.get());
            }
            this.bytes = channel.size();
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /** Which other process writes to it; empty while none does. */
    Optional<String> inUse() {
        try {
            return lock.writer();
        } catch (IOException e) {
            return Optional.of("whether somebody writes to " + file + " can't be known: " + e.getMessage());
        }
    }

    long bytes() {
        return bytes;
    }

    /** Whether it is in the same file system as a folder, for all that can be known. */
    boolean isBeside(Path folder) {
        try {
            return Files.getFileStore(file).equals(Files.getFileStore(folder));
        } catch (IOException e) {
            return true;
        }
    }

    /** How the file is now; empty when that is no regular file, of which nobody can tell who wrote to it. */
    Optional<DiskStamp> stamp() throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return now.isRegularFile()
                ? Optional.of(new DiskStamp(now.size(), now.lastModifiedTime().to(TimeUnit.MICROSECONDS)))
                : Optional.empty();
    }

    /** What was written to it last; with what an earlier process says, once that is known. */
    List<DiskSample> written() {
        return trace.samples();
    }

    /** An earlier process wrote this. */
    void wasWritten(List<DiskSample> left) {
        trace = new DiskTrace(left);
    }

    /** Those of these places at which something else is now. */
    List<DiskSample> changed(List<DiskSample> kept) throws IOException {
        List<DiskSample> changed = new ArrayList<>();
        for (DiskSample sample : kept) {
            ByteBuffer now = ByteBuffer.allocate(sample.bytes());
            while (now.hasRemaining() && channel.read(now, sample.offsetBytes() + now.position()) >= 0) {
                // Until all of it is here, or the file ends.
            }
            if (now.hasRemaining()
                    || !DiskSample.of(sample.offsetBytes(), now.flip()).equals(sample)) {
                changed.add(sample);
            }
        }
        return changed;
    }

    void write(DiskWrite write) throws IOException {
        check(write.offsetBytes(), write.data().remaining());
        writeAt(write.data().duplicate(), write.offsetBytes());
        trace.wrote(write);
    }

    /** Zeroes a range; what reads as zeros already isn't written, so that a sparse image stays sparse. */
    void zero(DiskZero zero) throws IOException {
        check(zero.offsetBytes(), zero.lengthBytes());
        trace.isUnknown(zero);
        long end = zero.offsetBytes() + zero.lengthBytes();
        for (long at = zero.offsetBytes(); at < end; at += ZERO_BYTES) {
            int length = (int) Math.min(ZERO_BYTES, end - at);
            present.clear().limit(length);
            while (present.hasRemaining()) {
                if (channel.read(present, at + present.position()) < 0) {
                    throw new IOException("disk image " + file + " became shorter than " + bytes + " bytes");
                }
            }
            if (!present.flip().equals(zeros.slice(0, length))) {
                writeAt(zeros.slice(0, length), at);
            }
            step();
        }
    }

    private void writeAt(ByteBuffer data, long offset) throws IOException {
        long at = offset;
        try {
            while (data.hasRemaining()) {
                at += channel.write(data, at);
            }
        } catch (IOException e) {
            throw FullDisk.writing(file, e);
        }
        unforcedBytes += at - offset;
        if (unforcedBytes >= FORCED_BYTES) {
            force();
        }
        step();
    }

    private void force() throws IOException {
        if (sync) {
            try {
                channel.force(false);
            } catch (IOException e) {
                throw FullDisk.writing(file, e);
            }
        }
        unforcedBytes = 0;
    }

    private void step() {
        steps.lazySet(steps.getPlain() + 1);
    }

    /** Grows with all that is done to the image; from any thread. */
    long steps() {
        return steps.get();
    }

    private void check(long offset, long length) {
        if (offset > bytes - length) {
            throw new IllegalArgumentException(length + " bytes at " + offset + " of a disk of " + bytes + " bytes");
        }
    }

    /** Ends an epoch's writes. */
    void commit() throws IOException {
        force();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
