package io.lull.worker.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** Gives released frames back to QEMU; the only place that waits for the network side. */
final class GateWriter {
    /** Blocks in one write. */
    static final int MAX_GATHERED = 64;

    private final GateQueue queue;
    private final GatheringByteChannel channel;
    private final LongSupplier nanoClock;
    private final Block[] blocks = new Block[MAX_GATHERED];
    private final ByteBuffer[] views = new ByteBuffer[MAX_GATHERED];

    GateWriter(GateQueue queue, GatheringByteChannel channel, LongSupplier nanoClock) {
        this.queue = queue;
        this.channel = channel;
        this.nanoClock = nanoClock;
    }

    /** Writes until the gate is given up. */
    void run() throws IOException, InterruptedException {
        for (int count = queue.take(blocks); count > 0; count = queue.take(blocks)) {
            try {
                write(count);
            } finally {
                Arrays.stream(blocks, 0, count).forEach(Block::release);
            }
            queue.written(nanoClock.getAsLong());
        }
    }

    private void write(int count) throws IOException {
        long left = 0;
        for (int i = 0; i < count; i++) {
            views[i] = blocks[i].view();
            left += blocks[i].bytes();
        }
        while (left > 0) {
            left -= channel.write(views, 0, count);
        }
    }
}
