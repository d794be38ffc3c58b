package io.lull.worker.output;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the guest's output where it is queued anyway, outside this process, by telling a {@link Barrier} where epochs end. It
 * sees no frame.
 *
 * <p>The mark of an epoch is put in {@link #prepare}, before the guest is paused: what the guest sends between mark and pause
 * counts to the next epoch, which only delays it, and the pause does not grow. Where no mark could be put in time (all are in
 * use, or the barrier is slow), the epoch's output goes with the next that has one.
 *
 * <pre>
 *   prepare(n)   a mark behind all that came so far       (the guest runs)
 *   cut(n)       the marks since the last cut are n's     (the guest is paused; nothing is told to anybody)
 *   release(n)   its marks are told one by one, in order  (later)
 * </pre>
 *
 * <p>A thread of the gate tells the barrier. A gate that is discarded or lost has it hold, if output passes, and tells it nothing
 * any more; so nothing leaves: what is held stays where it is, and what comes is held with it until the queue is full, and then
 * dropped. Where output passes and the barrier can't be told to hold, it goes on passing: the log says so, and {@link #hold} fails.
 */
final class BarrierGate implements OutputGate {
    /** How long {@link #prepare} waits for the mark: by then it is better that the guest is paused. */
    static final long PREPARE_LIMIT_NANOS = 50_000_000;

    /** How long {@link #hold} waits, in a pause. */
    static final long HOLD_LIMIT_NANOS = 1_000_000_000;

    /** How long {@link #close} waits for the gate's thread. */
    static final long CLOSE_LIMIT_MILLIS = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(BarrierGate.class);

    private final Barrier barrier;
    private final MarkBooks books;
    private final GateListener listener;
    private final long prepareLimitNanos;
    /** Held while the barrier is told something. */
    private final ReentrantLock telling = new ReentrantLock(true);

    private final Thread thread = new Thread(this::serve, "lull-gate-barrier");

    private BarrierGate(Barrier barrier, GateListener listener, long prepareLimitNanos) {
        this.barrier = barrier;
        this.prepareLimitNanos = prepareLimitNanos;
        this.books = new MarkBooks(barrier.maxMarks());
        this.listener = listener;
        thread.setDaemon(true);
    }

    /**
     * Has the barrier hold, and takes it over.
     *
     * @throws IOException when it can't; it is given up then
     */
    static BarrierGate hold(Barrier barrier, GateListener listener) throws IOException {
        return hold(barrier, listener, PREPARE_LIMIT_NANOS);
    }

    /** The same with another limit for {@link #prepare}. */
    static BarrierGate hold(Barrier barrier, GateListener listener, long prepareLimitNanos) throws IOException {
        try {
            barrier.hold();
        } catch (IOException | RuntimeException e) {
            barrier.abandon(e);
            barrier.close();
            throw e;
        }
        BarrierGate gate = new BarrierGate(barrier, listener, prepareLimitNanos);
        gate.thread.start();
        return gate;
    }

    @Override
    public void prepare(long epoch) {
        try {
            books.awaitMark(prepareLimitNanos);
        } catch (InterruptedException e) {
            // It comes later, which only delays output.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void cut(long epoch) {
        books.cut(epoch);
    }

    @Override
    public Optional<Released> release(long epoch) {
        books.release(epoch);
        return Optional.empty();
    }

    @Override
    public void passThrough() {
        books.passThrough();
    }

    @Override
    public void hold() throws IOException {
        try {
            if (!books.awaitHold(HOLD_LIMIT_NANOS)) {
                throw new IOException("the guest's output can't be held: the gate did not close within "
                        + HOLD_LIMIT_NANOS / 1_000_000
                        + " ms, failed on the way, or was told to let it pass meanwhile; it is " + books.state());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before the guest's output was held", e);
        }
    }

    @Override
    public void discard() {
        books.giveUp(GateState.DISCARDED, "output was discarded by request");
        shut();
    }

    /**
     * After the gate was given up: has the barrier hold if output may pass. Each caller tries again what failed before, and
     * none returns before output is held or it has failed itself.
     */
    private void shut() {
        if (!books.passes()) {
            return;
        }
        // Interrupted, it would not wait for the answer, and not know whether output is held.
        boolean interrupted = Thread.interrupted();
        telling.lock();
        try {
            if (books.passes()) {
                barrier.hold();
                books.shut();
            }
        } catch (IOException e) {
            LOG.error("the guest's output flows and can't be stopped: end its QEMU", e);
        } finally {
            telling.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Takes the gate away: what is held is dropped, and the guest's output flows unheld. To lose no frame, let the gate pass
     * and drain before.
     */
    void remove() throws IOException {
        books.giveUp(GateState.DISCARDED, "the gate is taken out");
        telling.lock();
        try {
            barrier.remove();
        } finally {
            telling.unlock();
            end();
        }
    }

    @Override
    public boolean awaitDrained(long limitNanos) throws InterruptedException {
        return books.awaitDrained(limitNanos);
    }

    @Override
    public OptionalLong heldSinceEpoch() {
        return books.heldSinceEpoch();
    }

    @Override
    public GateState state() {
        return books.state();
    }

    @Override
    public Optional<GateSnapshot> frames() {
        return Optional.empty();
    }

    @Override
    public void close() {
        books.giveUp(GateState.DISCARDED, "the gate was closed");
        shut();
        end();
    }

    private void end() {
        barrier.close();
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            TimeUnit.MILLISECONDS.timedJoin(thread, CLOSE_LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        try {
            while (books.awaitTask()) {
                tellNext();
            }
        } catch (IOException e) {
            lose(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            lose("the thread of the gate was interrupted");
        } catch (RuntimeException | Error e) {
            LOG.error("Output gate: a bug in telling the barrier", e);
            lose("telling the barrier failed: " + e);
        }
    }

    private void tellNext() throws IOException {
        telling.lock();
        try {
            // It may have been given up, or wanted otherwise, while this waited.
            Optional<MarkBooks.Task> task = books.nextTask();
            if (task.isPresent()) {
                tell(task.get());
                books.done(task.get());
            }
        } finally {
            telling.unlock();
        }
    }

    private void tell(MarkBooks.Task task) throws IOException {
        switch (task) {
            case OPEN -> barrier.open();
            case HOLD -> barrier.hold();
            case MARK -> barrier.mark();
            case RELEASE_OLDEST -> barrier.releaseOldest();
        }
    }

    private void lose(String reason) {
        if (books.giveUp(GateState.FAILED, reason)) {
            // First, as it ends the session: no checkpoint must be taken while output passes, and to hold it may take
            // long.
            listener.onGateLost(
                    books.passes() ? reason + "; output passes, or may, until it is held or QEMU ends" : reason);
        }
        shut();
    }
}
