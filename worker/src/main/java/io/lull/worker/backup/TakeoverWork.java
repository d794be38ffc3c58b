package io.lull.worker.backup;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A takeover that is being carried out, as its backup's close sees it: until it is settled that the VM is this backup's, a
 * close ends it; from then on a close waits for it.
 *
 * <pre>
 *   IDLE --begin--&gt; UNDER WAY --settle--&gt; SETTLED --end--&gt; IDLE, settled for good
 *     ^                 |
 *     +-------end-------+
 * </pre>
 *
 * One takeover at a time; its methods are for its thread, but for {@link #close}.
 */
final class TakeoverWork {
    /** How long a close waits: for a granted VM to run, or for the fence to take one back. */
    static final long CLOSE_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(15);

    private Optional<Thread> interruptible = Optional.empty();
    private boolean underWay;
    private boolean settled;
    private boolean closed;

    /** The caller's thread may be interrupted from now on. */
    synchronized void begin() throws FailoverException {
        checkOpen();
        underWay = true;
        interruptible = Optional.of(Thread.currentThread());
    }

    /** Throws once the backup is closed. */
    synchronized void checkOpen() throws FailoverException {
        if (closed) {
            throw new FailoverException("no takeover: this backup is closing");
        }
    }

    /**
     * The VM is about to run here, and no close keeps it from that any more.
     *
     * @throws IOException when one has
     */
    synchronized void settle() throws IOException {
        if (closed) {
            throw new IOException("this backup is closing");
        }
        interruptible = Optional.empty();
        settled = true;
    }

    /** It comes to nothing, and what undoes it isn't interrupted; whether the thread had been. */
    synchronized boolean undoing() {
        interruptible = Optional.empty();
        return Thread.interrupted();
    }

    synchronized void end() {
        interruptible = Optional.empty();
        underWay = false;
        notifyAll();
    }

    /**
     * No takeover begins from now on, and one that isn't settled is ended.
     *
     * @return whether the VM was settled to be this backup's
     */
    synchronized boolean close() {
        closed = true;
        interruptible.ifPresent(Thread::interrupt);
        long endNanos = System.nanoTime() + CLOSE_LIMIT_NANOS;
        try {
            for (long left = CLOSE_LIMIT_NANOS; underWay && left > 0; left = endNanos - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return settled;
    }
}
