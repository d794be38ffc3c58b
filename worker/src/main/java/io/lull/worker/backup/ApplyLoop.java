package io.lull.worker.backup;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes the image and the disk, with the bounded queue of what it has yet to do.
 *
 * <p>A session's first epoch may have a whole disk, and take minutes: until it is applied, many epochs may wait behind it, as no output
 * goes out before they are acknowledged. After it, one is let in for each two that are applied, until as few wait as may at
 * other times, which bounds what a takeover waits for.
 */
final class ApplyLoop implements AutoCloseable {
    /** Acknowledged epochs that aren't applied yet; when there are so many, the session stops reading. */
    static final int MAX_UNAPPLIED_EPOCHS = 4;
    /** The same while a session's first epoch is among them: some minutes of short epochs. */
    static final int MAX_BEHIND_FIRST_EPOCH = 16_384;

    private static final int APPLIED_FOR_EACH_LET_IN = 2;
    private static final long LOOK_MILLIS = 100;
    private static final Logger log = LoggerFactory.getLogger(ApplyLoop.class);

    private final Deque<Runnable> queue = new ArrayDeque<>();
    private final Thread thread = new Thread(this::run, "lull-apply");
    /** How many may be queued. */
    private int limit = MAX_UNAPPLIED_EPOCHS;

    private int firstEpochs;
    private int takenSinceFirst;
    private volatile boolean closed;

    ApplyLoop() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Queues work that handles its own failures, waiting for room. */
    synchronized void put(Runnable job) throws InterruptedException {
        while (queue.size() >= limit) {
            wait();
        }
        queue.add(job);
        notifyAll();
    }

    /** The same with a session's first epoch: much may wait until it is applied. */
    synchronized void putFirst(Runnable job) throws InterruptedException {
        put(() -> {
            try {
                job.run();
            } finally {
                firstIsApplied();
            }
        });
        firstEpochs++;
        limit = MAX_BEHIND_FIRST_EPOCH;
        notifyAll();
    }

    /** As {@link #put}, but waits until as few are queued as may be at other times. */
    synchronized void putBehindFew(Runnable job) throws InterruptedException {
        while (queue.size() >= MAX_UNAPPLIED_EPOCHS) {
            wait();
        }
        put(job);
    }

    private synchronized void firstIsApplied() {
        firstEpochs--;
        takenSinceFirst = 0;
    }

    /** Whether as many epochs wait as may at other times, and more may now: what can be done without had better not be queued. */
    synchronized boolean isBehind() {
        return limit > MAX_UNAPPLIED_EPOCHS && queue.size() >= MAX_UNAPPLIED_EPOCHS;
    }

    /** Waits until as few are queued as may be at other times; false when that takes longer. */
    synchronized boolean awaitFew(long limitNanos) throws InterruptedException {
        long endNanos = System.nanoTime() + limitNanos;
        while (queue.size() >= MAX_UNAPPLIED_EPOCHS) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            if (leftMillis <= 0) {
                return false;
            }
            wait(leftMillis);
        }
        return true;
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

    private synchronized Runnable take() throws InterruptedException {
        while (queue.isEmpty()) {
            wait();
        }
        Runnable job = queue.remove();
        if (firstEpochs == 0 && limit > MAX_UNAPPLIED_EPOCHS) {
            lowerLimit();
        }
        notifyAll();
        return job;
    }

    private void lowerLimit() {
        if (takenSinceFirst % APPLIED_FOR_EACH_LET_IN == 0) {
            limit = Math.max(MAX_UNAPPLIED_EPOCHS, Math.min(limit - 1, queue.size()));
        }
        takenSinceFirst++;
    }

    private void run() {
        while (!closed) {
            try {
                take().run();
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
