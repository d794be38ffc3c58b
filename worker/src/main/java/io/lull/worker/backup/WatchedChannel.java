package io.lull.worker.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** A channel of which any thread may ask since when another is in a write. */
final class WatchedChannel implements WritableByteChannel {
    private final WritableByteChannel out;
    private final LongSupplier nanoClock;
    private volatile OptionalLong since = OptionalLong.empty();

    WatchedChannel(WritableByteChannel out, LongSupplier nanoClock) {
        this.out = out;
        this.nanoClock = nanoClock;
    }

    /** When the write that is under way began; empty between writes. */
    OptionalLong writingSince() {
        return since;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        since = OptionalLong.of(nanoClock.getAsLong());
        try {
            return out.write(from);
        } finally {
            since = OptionalLong.empty();
        }
    }

    @Override
    public boolean isOpen() {
        return out.isOpen();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
