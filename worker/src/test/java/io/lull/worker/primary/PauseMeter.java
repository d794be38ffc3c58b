package io.lull.worker.primary;

import com.sun.management.ThreadMXBean;
import io.lull.producer.qemu.QmpEvent;
import io.lull.worker.capture.Capture;
import io.lull.worker.capture.CaptureHandler;
import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.capture.SourceState;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Counts what the thread that captures allocates in each pause: from where it is ready for the order to pause, up to the last
 * look at the source's clock before what it captured is handed on, which comes after the order to resume. It is that clock,
 * and stands between the source and its handler.
 */
public final class PauseMeter implements LongSupplier {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MAX_PAUSES = 10_000;

    private final long[] bytes = new long[MAX_PAUSES];
    private final long[] handlerBytes = new long[MAX_PAUSES];
    private final ThreadLocal<Boolean> captures = ThreadLocal.withInitial(() -> false);
    private volatile int pauses;
    private long readyAtBytes;
    private long lookedAtBytes;
    private long enteredAtBytes;
    private long inHandlerBytes;

    @Override
    public long getAsLong() {
        if (captures.get()) {
            lookedAtBytes = THREADS.getCurrentThreadAllocatedBytes();
        }
        return System.nanoTime();
    }

    /** How many pauses have ended. */
    public int pauses() {
        return pauses;
    }

    /** Bytes that each pause allocated, but for the first {@code warmUp}. */
    public long[] bytesAfter(int warmUp) {
        return Arrays.copyOfRange(bytes, warmUp, pauses);
    }

    /** Of them, those that the source allocated, and not its handler. */
    public long[] sourceBytesAfter(int warmUp) {
        long[] ofSource = bytesAfter(warmUp);
        for (int i = 0; i < ofSource.length; i++) {
            ofSource[i] -= handlerBytes[warmUp + i];
        }
        return ofSource;
    }

    private void enters() {
        enteredAtBytes = THREADS.getCurrentThreadAllocatedBytes();
    }

    private void leaves() {
        inHandlerBytes += THREADS.getCurrentThreadAllocatedBytes() - enteredAtBytes;
    }

    /** The same source, with this meter at its handler. */
    public CheckpointSource around(CheckpointSource source) {
        return new CheckpointSource() {
            @Override
            public SourceState state() {
                return source.state();
            }

            @Override
            public String stateReason() {
                return source.stateReason();
            }

            @Override
            public void run(CaptureHandler handler) throws IOException {
                captures.set(true);
                source.run(new Metered(handler));
            }

            @Override
            public void onQemuEvent(QmpEvent event) {
                source.onQemuEvent(event);
            }

            @Override
            public boolean pause() throws IOException {
                return source.pause();
            }

            @Override
            public boolean watchdog(long limitNanos) {
                return source.watchdog(limitNanos);
            }

            @Override
            public void close(boolean leaves) {
                source.close(leaves);
            }
        };
    }

    private final class Metered implements CaptureHandler {
        private final CaptureHandler next;

        Metered(CaptureHandler next) {
            this.next = next;
        }

        @Override
        public void layout(StreamLayout layout) throws IOException {
            next.layout(layout);
        }

        @Override
        public void initialPages(StagingArea pages) throws IOException {
            next.initialPages(pages);
        }

        @Override
        public StagingArea nextStaging() throws IOException {
            return next.nextStaging();
        }

        @Override
        public void pending() {
            next.pending();
            inHandlerBytes = 0;
            readyAtBytes = THREADS.getCurrentThreadAllocatedBytes();
        }

        @Override
        public void paused(long pausedAtNanos) throws IOException {
            enters();
            next.paused(pausedAtNanos);
            leaves();
        }

        @Override
        public void beforeResume(StagingArea pages) throws IOException {
            enters();
            next.beforeResume(pages);
            leaves();
        }

        @Override
        public boolean standsStill(long pausedAtNanos) {
            enters();
            boolean stands = next.standsStill(pausedAtNanos);
            leaves();
            return stands;
        }

        @Override
        public void awaitRun() throws IOException {
            next.awaitRun();
        }

        @Override
        public void resuming(long pausedAtNanos) {
            enters();
            next.resuming(pausedAtNanos);
            leaves();
        }

        @Override
        public void resumed(Capture capture) {
            bytes[pauses] = lookedAtBytes - readyAtBytes;
            handlerBytes[pauses] = inHandlerBytes;
            pauses++;
            next.resumed(capture);
        }
    }
}
