package io.lull.worker.output;

import java.io.Closeable;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what the guest sends until the checkpoint that it depends on is on the backup.
 *
 * <p>Frames come from QEMU's {@code filter-redirector} on one socket and go back to it on another. A gate starts in
 * {@link GateState#HOLDING}. One thread reads each source, one writes, and no reader ever waits for the writer: over the
 * bound frames are dropped. All methods may be called from any thread; only {@link #awaitDrained} and {@link #close}
 * wait.
 */
public final class OutputGate implements Closeable {
    /** How long {@link #close} waits for each of the gate's threads. */
    static final long CLOSE_LIMIT_MILLIS = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(OutputGate.class);

    private final GateQueue queue;
    private final GateListener listener;
    private final LongSupplier nanoClock;
    private final List<SocketChannel> channels = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** What a thread of the gate does until its socket ends. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private OutputGate(GateConfig config, GateListener listener, LongSupplier nanoClock) {
        this.queue = new GateQueue(config.maxHeldBytes());
        this.listener = listener;
        this.nanoClock = nanoClock;
    }

    /**
     * Connects to QEMU and starts to hold.
     *
     * @param nanoClock monotonic nanoseconds, for the ages of frames
     * @throws IOException when a socket can't be connected; nothing is left open
     */
    public static OutputGate connect(
            GateSockets sockets, GateConfig config, GateListener listener, FrameTap tap, LongSupplier nanoClock)
            throws IOException {
        OutputGate gate = new OutputGate(config, listener, nanoClock);
        try {
            gate.start(sockets, new GateFrames(config.vnetHeader()), tap);
        } catch (IOException | RuntimeException e) {
            gate.close();
            throw e;
        }
        return gate;
    }

    private void start(GateSockets sockets, GateFrames frames, FrameTap tap) throws IOException {
        ChunkPool pool = new ChunkPool();
        SocketChannel out = open(sockets.out());
        SocketChannel in = open(sockets.in());
        if (sockets.mirror().isPresent()) {
            SocketChannel mirror = open(sockets.mirror().get());
            FrameIntake intake = FrameIntake.ofMirror(queue, tap);
            addThread("mirror", mirror, new FramePump(mirror, frames, intake, pool, nanoClock)::run);
        }
        FrameIntake intake = FrameIntake.ofOutput(queue, tap);
        addThread("out", out, new FramePump(out, frames, intake, pool, nanoClock)::run);
        addThread("in", in, new GateWriter(queue, in)::run);
        threads.forEach(Thread::start);
    }

    /**
     * Seals the frames that have arrived so far as {@code epoch}'s output. To be called while the guest is paused and
     * before it is told to resume. Takes constant time.
     *
     * @param epoch larger than any cut before
     * @return how many packets were sealed
     */
    public long cut(long epoch) {
        return queue.cut(epoch);
    }

    /**
     * Lets the output of all epochs up to {@code epoch} go, in order; it leaves soon after. Releasing again what was
     * released is without effect, as is releasing from a gate that was given up.
     *
     * @param epoch not later than the last cut: an epoch that was not cut can't have been committed
     */
    public Released release(long epoch) {
        return queue.release(epoch, nanoClock.getAsLong());
    }

    /**
     * Stops or starts protecting: with true, everything held leaves, and what comes passes at once; with false, what
     * comes is held. Without effect on a gate that was given up.
     */
    public void passThrough(boolean pass) {
        queue.passThrough(pass);
    }

    /**
     * Drops everything held, and all that comes, for good: failover or abort. Frames that the writer has begun to write
     * still leave; they were released.
     */
    public void discard() {
        queue.giveUp(GateState.DISCARDED, "output was discarded by request");
    }

    /**
     * Waits until QEMU has taken back all that was released, for example before the gate is removed.
     *
     * @return false when it had not within the limit
     */
    public boolean awaitDrained(long limitNanos) throws InterruptedException {
        return queue.awaitDrained(limitNanos);
    }

    /**
     * The last epoch that was released, when all output since its end has been held without a break; empty while output
     * passes, after the gate was given up, and as long as nothing was released since output is held.
     */
    public OptionalLong heldSinceEpoch() {
        return queue.heldSinceEpoch();
    }

    public GateState state() {
        return queue.state();
    }

    /** Reads all counters and levels at one moment. */
    public GateSnapshot snapshot() {
        return queue.snapshot(nanoClock.getAsLong());
    }

    /**
     * Discards what is held and closes the sockets. QEMU then drops the guest's output until its filter is removed. The
     * listener is not called.
     */
    @Override
    public void close() {
        queue.giveUp(GateState.DISCARDED, "the gate was closed");
        channels.forEach(OutputGate::closeQuietly);
        for (Thread thread : threads) {
            join(thread);
        }
    }

    private SocketChannel open(Path path) throws IOException {
        try {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
            channels.add(channel);
            return channel;
        } catch (IOException e) {
            throw new IOException(
                    "cannot connect to the gate socket " + path + ": " + e.getMessage()
                            + "; has QEMU been told to listen there?",
                    e);
        }
    }

    private void addThread(String name, SocketChannel channel, Work work) {
        Thread thread = new Thread(() -> serve(name, channel, work), "lull-gate-" + name);
        thread.setDaemon(true);
        threads.add(thread);
    }

    private void serve(String name, SocketChannel channel, Work work) {
        try {
            work.run();
        } catch (IOException e) {
            lose("socket \"" + name + "\" was lost: " + e);
        } catch (InterruptedException e) {
            lose("the thread of socket \"" + name + "\" was interrupted");
        } catch (RuntimeException | Error e) {
            LOG.error("Output gate: a bug in the work on socket \"{}\"", name, e);
            lose("the work on socket \"" + name + "\" failed: " + e);
        } finally {
            closeQuietly(channel);
        }
    }

    private void lose(String reason) {
        if (queue.giveUp(GateState.FAILED, reason)) {
            listener.onGateLost(reason);
        }
    }

    private static void join(Thread thread) {
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            TimeUnit.MILLISECONDS.timedJoin(thread, CLOSE_LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing a gate socket failed", e);
        }
    }
}
