package io.lull.bench.wire;

import io.lull.worker.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** How long an epoch's bytes and the answer to them are on their way: one after the other, as a commit waits for them. */
final class RoundTrips {
    /** What an epoch of a busy small server ships. */
    static final int EPOCH_BYTES = 8 << 10;
    /** About the frame of an acknowledgement. */
    private static final int ANSWER_BYTES = 40;

    private RoundTrips() {}

    /** The median of so many, in nanoseconds. */
    static long medianNanos(Wire near, Wire far, int count) throws IOException, InterruptedException {
        Thread answering = new Thread(() -> answer(far, count), "bench-answers");
        answering.start();
        long[] nanos = new long[count];
        ByteBuffer epoch = ByteBuffer.allocateDirect(EPOCH_BYTES);
        ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER_BYTES);
        for (int i = 0; i < count; i++) {
            long began = System.nanoTime();
            write(near, epoch.clear());
            read(near, answer.clear());
            nanos[i] = System.nanoTime() - began;
        }
        answering.join();
        Arrays.sort(nanos);
        return nanos[count / 2];
    }

    private static void answer(Wire wire, int count) {
        ByteBuffer epoch = ByteBuffer.allocateDirect(EPOCH_BYTES);
        ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER_BYTES);
        try {
            for (int i = 0; i < count; i++) {
                read(wire, epoch.clear());
                write(wire, answer.clear());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Wire wire, ByteBuffer bytes) throws IOException {
        ByteBuffer[] parts = {bytes};
        while (bytes.hasRemaining()) {
            wire.write(parts);
        }
    }

    private static void read(Wire wire, ByteBuffer whole) throws IOException {
        while (whole.hasRemaining()) {
            if (wire.read(whole) < 0) {
                throw new IOException("the other side ended its stream");
            }
        }
    }
}
