package io.lull.worker.backup;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Tells how long a thread has been in one write; any other thread may ask. */
final class WriteWatch {
    /** A write that may take long. */
    interface Write {
        void run() throws IOException;
    }

    private final LongSupplier nanoClock;
    private volatile long sinceNanos;
    private volatile boolean busy;

    WriteWatch(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    void timed(Write write) throws IOException {
        sinceNanos = nanoClock.getAsLong();
        busy = true;
        try {
            write.run();
        } finally {
            busy = false;
        }
    }

    /** How long the write that is under way has taken; empty between writes. */
    OptionalLong waitedNanos() {
        long waited = nanoClock.getAsLong() - sinceNanos;
        return busy ? OptionalLong.of(waited) : OptionalLong.empty();
    }
}
