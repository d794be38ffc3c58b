package io.lull.worker.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps one standby process filled with an image, restarts it when it dies, and hands it the device state at failover.
 *
 * <pre>
 *   IDLE --(hot, or failover)--&gt; STARTING --connected--&gt; FILLING --all pages sent--&gt; READY
 *    ^                              |                       |                         |
 *    |  pause over                  +---------died----------+-------------------------+
 *    +---------- PAUSING &lt;----------+
 *                                   +--(no restarts left)--&gt; GIVEN_UP --failover--&gt; STARTING
 *   FILLING, READY --failover, nothing pending--&gt; HANDED_OVER | FAILED
 *   any --close--&gt; CLOSED
 * </pre>
 *
 * <p>The apply thread marks pages and goes on; this class' own thread sends them. So a standby that is slow, hangs or
 * dies never delays a commit, and a page that changes often is sent once.
 */
public final class HotStandby implements AutoCloseable {
    /** Where a standby is in its life. */
    public enum State {
        IDLE,
        STARTING,
        FILLING,
        READY,
        PAUSING,
        GIVEN_UP,
        HANDED_OVER,
        FAILED,
        CLOSED
    }

    private static final Logger log = LoggerFactory.getLogger(HotStandby.class);

    private final CommittedImage image;
    private final StandbyLauncher launcher;
    private final StandbyOptions options;
    private final BackupListener listener;
    private final LongSupplier nanoClock;
    private final PendingPages pending;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "lull-standby");
    private final CompletableFuture<Standby> handedOver = new CompletableFuture<>();
    private volatile State state = State.IDLE;
    private volatile @Nullable ByteBuffer deviceState;
    private volatile boolean closed;
    private final HeldStandby process;
    private final RestartBudget restarts;
    private @Nullable StandbyStream stream;

    /** Starts the thread, and the process when the standby is hot. */
    HotStandby(
            CommittedImage image,
            StandbyLauncher launcher,
            StandbyOptions options,
            BackupListener listener,
            LongSupplier nanoClock) {
        this.image = image;
        this.launcher = launcher;
        this.options = options;
        this.listener = listener;
        this.nanoClock = nanoClock;
        this.process = new HeldStandby(options.writeLimitNanos(), nanoClock);
        this.restarts = new RestartBudget(options);
        this.pending = new PendingPages(image.ramPages());
        thread.setDaemon(true);
        thread.start();
    }

    State state() {
        return state;
    }

    /** Notes that a page was written and has to be sent. */
    void mark(int page) {
        pending.mark(page);
    }

    /** Sends what is marked. */
    void wake() {
        wakeUps.release();
    }

    /** A new session gives a standby that was given up its restarts back. */
    void newBudget() {
        restarts.renew();
        wake();
    }

    /**
     * Sends what is still marked and then the device state, starting a process where there is none.
     *
     * @return the process that has it all; it belongs to the caller from then on
     */
    CompletableFuture<Standby> handOver(ByteBuffer lastDeviceState) {
        deviceState = lastDeviceState;
        wake();
        return handedOver;
    }

    /** Ends a process that takes in nothing; to be called several times in the limit of a write, by one thread. */
    void checkProgress() {
        process.checkProgress();
    }

    private void run() {
        try {
            while (!closed && !handedOver.isDone()) {
                feed();
            }
        } catch (InterruptedException e) {
            log.debug("Standby thread ends");
        } catch (RuntimeException | Error e) {
            log.error("Bug while feeding the standby; it is given up", e);
            transition(State.FAILED, "bug: " + e);
            handedOver.completeExceptionally(e);
        } finally {
            try {
                if (state != State.HANDED_OVER) {
                    drop();
                }
            } finally {
                handedOver.completeExceptionally(new IOException("the standby was withdrawn"));
            }
        }
    }

    private void feed() throws InterruptedException {
        ByteBuffer last = deviceState;
        if (!mayRun(last != null)) {
            awaitWakeUp();
            return;
        }
        try {
            StandbyStream out = stream == null ? start() : stream;
            Standby current = process.requireAlive();
            boolean idle = pending.count() == 0;
            out.part(pending);
            if (idle && last != null) {
                finish(out, current, last);
            } else if (idle) {
                if (state == State.FILLING) {
                    transition(State.READY, out.sentPages() + " pages sent");
                    restarts.ready(nanoClock.getAsLong());
                }
                awaitWakeUp();
            }
        } catch (IOException e) {
            failed(String.valueOf(e.getMessage()), last != null);
        } catch (RuntimeException | Error e) {
            log.error("Bug while feeding the standby; its process is replaced", e);
            failed("bug: " + e, last != null);
        }
    }

    private boolean mayRun(boolean failingOver) {
        return failingOver || stream != null || restarts.allowsStart() && options.hot();
    }

    private StandbyStream start() throws IOException, InterruptedException {
        transition(State.STARTING, "attempt " + restarts.attempt());
        Standby started = launcher.start();
        WatchedChannel watched = process.hold(started);
        started.ended().thenRun(this::wake);
        StandbyStream out = new StandbyStream(image, watched);
        out.markWanted(pending);
        transition(State.FILLING, pending.count() + " pages to send");
        out.begin();
        stream = out;
        return out;
    }

    private void finish(StandbyStream out, Standby current, ByteBuffer last) {
        try {
            out.end(last);
            current.stream().close();
        } catch (IOException | RuntimeException | Error e) {
            // It may have read all of the device state: only a process that is gone can't run the VM behind our back.
            transition(State.FAILED, "died while it took the device state: " + e.getMessage());
            try {
                drop();
            } finally {
                handedOver.completeExceptionally(e);
            }
            return;
        }
        transition(State.HANDED_OVER, out.sentPages() + " pages sent");
        handedOver.complete(current);
    }

    private void failed(String why, boolean failingOver) throws InterruptedException {
        drop();
        if (!restarts.failed(failingOver, nanoClock.getAsLong())) {
            if (failingOver) {
                transition(State.FAILED, why);
                handedOver.completeExceptionally(new IOException("no standby process can be filled: " + why));
            } else {
                transition(State.GIVEN_UP, why + "; failover will start a new one");
            }
            return;
        }
        transition(State.PAUSING, why);
        if (!failingOver) {
            long untilNanos = nanoClock.getAsLong() + options.restartPauseNanos();
            while (!closed && deviceState == null && untilNanos > nanoClock.getAsLong()) {
                wakeUps.tryAcquire(untilNanos - nanoClock.getAsLong(), TimeUnit.NANOSECONDS);
            }
        }
    }

    private void awaitWakeUp() throws InterruptedException {
        wakeUps.acquire();
        wakeUps.drainPermits();
    }

    private void drop() {
        stream = null;
        process.drop();
    }

    private void transition(State next, String why) {
        log.atLevel(next == State.GIVEN_UP ? Level.WARN : Level.INFO).log("Standby {} -> {}: {}", state, next, why);
        state = next;
        listener.standby(next, why);
    }

    /** Withdraws the process, unless it was handed over, and ends the thread. */
    @Override
    public void close() {
        closed = true;
        wake();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (state != State.HANDED_OVER && state != State.CLOSED) {
            transition(State.CLOSED, "withdrawn");
        }
    }

    /**
     * Withdraws the process even if it was handed over.
     *
     * @throws IllegalStateException when one isn't known to be gone: it may run the VM
     */
    void withdraw() {
        close();
        if (state == State.HANDED_OVER) {
            process.end(handedOver.join());
        }
        if (process.mayLiveOn() || thread.isAlive()) {
            throw new IllegalStateException("a standby process could not be ended");
        }
    }
}
