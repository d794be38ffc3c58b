package io.lull.bench.wire;

import com.sun.management.ThreadMXBean;
import io.lull.worker.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

/**
 * What one transfer took, from one thread to another.
 *
 * @param bytes how many
 * @param wallNanos from the first write to the last byte read
 * @param writer the writing thread's share
 * @param reader the reading thread's share
 */
record Transfer(long bytes, long wallNanos, Share writer, Share reader) {
    /** As many as a link writes at most in one call. */
    private static final int WRITE_BYTES = 1 << 20;
    /** The buffer of a frame reader. */
    private static final int READ_BYTES = 1280 << 10;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What a thread used. */
    record Share(long cpuNanos, long allocatedBytes) {
        static Share now() {
            long thread = Thread.currentThread().getId();
            return new Share(THREADS.getThreadCpuTime(thread), THREADS.getThreadAllocatedBytes(thread));
        }

        Share since(Share before) {
            return new Share(cpuNanos - before.cpuNanos, allocatedBytes - before.allocatedBytes);
        }
    }

    double megabytesPerSecond() {
        return bytes * 1e3 / wallNanos;
    }

    double gigabytesPerCpuSecond(Share of) {
        return (double) bytes / Math.max(1, of.cpuNanos());
    }

    double allocatedPerMebibyte(Share of) {
        return of.allocatedBytes() * (double) (1 << 20) / bytes;
    }

    /** Writes on a thread of its own, and reads on this one. */
    static Transfer of(Wire from, Wire to, long bytes) throws IOException, InterruptedException {
        Share[] written = new Share[1];
        Thread writer = new Thread(() -> written[0] = write(from, bytes), "bench-writer");
        long began = System.nanoTime();
        writer.start();
        Share before = Share.now();
        ByteBuffer into = ByteBuffer.allocateDirect(READ_BYTES);
        for (long left = bytes; left > 0; left -= into.position()) {
            if (to.read(into.clear()) < 0) {
                throw new IOException("the writer ended its stream");
            }
        }
        Share read = Share.now().since(before);
        long nanos = System.nanoTime() - began;
        writer.join();
        return new Transfer(bytes, nanos, written[0], read);
    }

    private static Share write(Wire wire, long bytes) {
        Share before = Share.now();
        ByteBuffer[] parts = {ByteBuffer.allocateDirect(WRITE_BYTES)};
        try {
            for (long left = bytes; left > 0; ) {
                parts[0].clear().limit((int) Math.min(WRITE_BYTES, left));
                while (parts[0].hasRemaining()) {
                    left -= wire.write(parts);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Share.now().since(before);
    }
}
