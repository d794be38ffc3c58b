package io.lull.worker.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongSupplier;

/**
 * Reads one socket of QEMU until it ends, and never waits for anything else.
 *
 * <p>Bytes are read into chunks and stay where they are: kept frames are handed on as a {@link Block}. The gap that
 * frames make which are not kept is closed, so that kept frames fill their chunks: to 71 % at the least, as a chunk is
 * left with fewer than {@link #MIN_READ_BYTES} bytes and one incomplete frame at its end.
 */
final class FramePump {
    /** A chunk with less room than this is left for the next one. */
    static final int MIN_READ_BYTES = 4096;

    private final ReadableByteChannel channel;
    private final GateFrames frames;
    private final FrameIntake intake;
    private final ChunkPool pool;
    private final LongSupplier nanoClock;
    private Chunk chunk;
    private int start;
    private int end;

    FramePump(
            ReadableByteChannel channel,
            GateFrames frames,
            FrameIntake intake,
            ChunkPool pool,
            LongSupplier nanoClock) {
        this.channel = channel;
        this.frames = frames;
        this.intake = intake;
        this.pool = pool;
        this.nanoClock = nanoClock;
        this.chunk = pool.take();
    }

    /** Reads until the socket ends, which is always an error. */
    void run() throws IOException {
        try {
            while (true) {
                turn();
            }
        } finally {
            chunk.release();
        }
    }

    private void turn() throws IOException {
        int count = channel.read(chunk.windowFrom(end));
        if (count < 0) {
            throw new GateException("QEMU closed the connection");
        }
        end += count;
        long nowNanos = nanoClock.getAsLong();
        Tally tally = new Tally(chunk.bytes, start, intake.roomBytes(nowNanos), nowNanos);
        int scanned = frames.scan(chunk.bytes, start, end, tally);
        if (tally.packets > 0) {
            intake.batch(
                    new Block(chunk, start, tally.keptTo, tally.keptPackets, tally.nowNanos),
                    new Traffic(tally.packets, tally.ethernetBytes));
        }
        chunk.copyFrom(chunk, scanned, end - scanned, tally.keptTo);
        end -= scanned - tally.keptTo;
        start = tally.keptTo;
        if (Chunk.BYTES - end < MIN_READ_BYTES) {
            turnOver();
        }
    }

    private void turnOver() {
        Chunk next = pool.take();
        next.copyFrom(chunk, start, end - start, 0);
        chunk.release();
        chunk = next;
        end -= start;
        start = 0;
    }

    /** Counts the frames of one read, and finds how many from the first on fit in the room. */
    private final class Tally implements GateFrames.Sink {
        private final ByteBuffer buffer;
        private final long limit;
        private final long nowNanos;
        private int keptTo;
        private long keptPackets;
        private long packets;
        private long ethernetBytes;

        Tally(ByteBuffer buffer, int from, long roomBytes, long nowNanos) {
            this.buffer = buffer;
            this.limit = from + Math.min(roomBytes, Chunk.BYTES);
            this.nowNanos = nowNanos;
            this.keptTo = from;
        }

        @Override
        public void frame(int frameStart, int offset, int length, int vnetHeaderBytes) {
            intake.frame(buffer, offset, length, vnetHeaderBytes, nowNanos);
            packets++;
            ethernetBytes += length - vnetHeaderBytes;
            if (keptTo == frameStart && offset + length <= limit) {
                keptTo = offset + length;
                keptPackets++;
            }
        }
    }
}
