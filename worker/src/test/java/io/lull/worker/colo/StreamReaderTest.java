package io.lull.worker.colo;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.capture.StagingArea;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StreamReaderTest {
    private static final long READ_NANOS = 500;
    private static final int PIECE_BYTES = 4;

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void countsTheTimeOfItsReadsAndNotWhatPassesBetweenThem() throws IOException {
        StreamReader in = new StreamReader(slowQemu(), new StagingArea(1 << 20, 10), nanos::get);

        in.u8();
        nanos.addAndGet(7_000);
        in.u16();
        in.u8();
        assertThat(in.readingNanos()).as("all came by one read").isEqualTo(READ_NANOS);

        nanos.addAndGet(7_000);
        in.u64();
        assertThat(in.readingNanos()).as("two more reads").isEqualTo(3 * READ_NANOS);
    }

    /** Hands out a few bytes a read, each of which takes a while. */
    private ReadableByteChannel slowQemu() {
        return new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer into) {
                nanos.addAndGet(READ_NANOS);
                into.put(new byte[PIECE_BYTES]);
                return PIECE_BYTES;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
