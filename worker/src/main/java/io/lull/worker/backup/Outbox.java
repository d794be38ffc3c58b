package io.lull.worker.backup;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.wire.Wire;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a session has to say, written by a thread of its own, with heartbeats while there is nothing. */
final class Outbox {
    /** Answers that wait for a peer that doesn't read; it is dropped when there are more. */
    static final int MAX_FRAMES = 1024;

    /** Large answers, as pieces of a table of hashes, of which no more are made before some are written. */
    static final int MAX_LARGE_FRAMES = 16;

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    private static final long FINISH_LIMIT_MILLIS = 200;

    private final Wire wire;
    private final long heartbeatNanos;
    private final Consumer<String> onBug;
    private final BlockingQueue<Answer> queue = new ArrayBlockingQueue<>(MAX_FRAMES);
    private final Semaphore roomForLarge = new Semaphore(MAX_LARGE_FRAMES);
    private final Answer end = new Answer(Frame.control(FrameType.HEARTBEAT, 0), false);
    private final Thread thread = new Thread(this::run, "lull-backup-writer");

    private volatile boolean over;

    private record Answer(Frame frame, boolean large) {}

    /**
     * It writes nothing before it is started.
     *
     * @param onBug hears what ended the writer by this side's own fault, which the reader sees nothing of
     */
    Outbox(Wire wire, long heartbeatNanos, Consumer<String> onBug) {
        this.wire = wire;
        this.heartbeatNanos = heartbeatNanos;
        this.onBug = onBug;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Queues a frame, whose payload must not change any more; false when the peer doesn't read its answers. */
    boolean offer(Frame frame) {
        return queue.offer(new Answer(frame, false));
    }

    /** As {@link #offer} for a large one, which waits for room; once nothing is written any more all are dropped. */
    boolean offer(Frame frame, long limitNanos) throws InterruptedException {
        return over
                || roomForLarge.tryAcquire(limitNanos, TimeUnit.NANOSECONDS)
                        && (over || queue.offer(new Answer(frame, true)));
    }

    private void run() {
        try {
            Answer answer = queue.poll(heartbeatNanos, TimeUnit.NANOSECONDS);
            while (answer != end) {
                wire.send(answer == null ? Frame.control(FrameType.HEARTBEAT, 0) : answer.frame());
                if (answer != null && answer.large()) {
                    roomForLarge.release();
                }
                answer = queue.poll(heartbeatNanos, TimeUnit.NANOSECONDS);
            }
        } catch (IOException e) {
            // The reader sees the end of the connection as well, and more of the reason.
            log.debug("Writing to the primary failed: {}", e.toString());
        } catch (InterruptedException e) {
            log.debug("Writer ends with {} frames unsent", queue.size());
        } catch (RuntimeException | Error e) {
            log.error("Bug while writing to the primary; its session is ended", e);
            onBug.accept("bug: " + e);
        } finally {
            over = true;
            // Who waits for room goes on, and the reader tells why the connection ended.
            roomForLarge.release(MAX_FRAMES);
        }
    }

    /** Writes what is queued, as far as the peer takes it now, and ends the thread. */
    void finish() {
        try {
            if (thread.isAlive() && queue.offer(end)) {
                thread.join(FINISH_LIMIT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
