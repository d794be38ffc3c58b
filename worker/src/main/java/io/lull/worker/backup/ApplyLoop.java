package io.lull.worker.backup;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that changes the image and the disk, with the bounded queue of what it has yet to do. */
final class ApplyLoop implements AutoCloseable {
    /** Acknowledged epochs that aren't applied yet; when there are so many, the session stops reading. */
    static final int MAX_UNAPPLIED_EPOCHS = 4;

    private static final long LOOK_MILLIS = 100;
    private static final Logger log = LoggerFactory.getLogger(ApplyLoop.class);

    private final BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(MAX_UNAPPLIED_EPOCHS);
    private final Thread thread = new Thread(this::run, "lull-apply");
    private volatile boolean closed;

    ApplyLoop() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Queues work that handles its own failures, waiting for room. */
    void put(Runnable job) throws InterruptedException {
        queue.put(job);
    }

    /** Runs work behind all that is queued, and returns what it returns or throws. */
    <T> T call(Callable<T> job) throws IOException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(job);
        put(task);
        try {
            while (true) {
                try {
                    return task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (!thread.isAlive() && !task.isDone()) {
                        throw new IOException("the backup is closing", e);
                    }
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("the apply thread failed: " + e.getCause(), e.getCause());
        }
    }

    private void run() {
        while (!closed) {
            try {
                queue.take().run();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                log.error("Bug on the apply thread", e);
            }
        }
    }

    /** Ends the thread after the work that is queued. */
    @Override
    public void close() {
        try {
            put(() -> closed = true);
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
