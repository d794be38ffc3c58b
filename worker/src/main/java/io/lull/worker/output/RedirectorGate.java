package io.lull.worker.output;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the guest's output in this process. Frames come from QEMU's {@code filter-redirector} on one socket and go back to it
 * on another.
 *
 * <p>One thread reads each source, one writes, and no reader ever waits for the writer: over the bound frames are dropped.
 * Only {@link #awaitDrained} and {@link #close} wait.
 */
public final class RedirectorGate implements OutputGate {
    /** How long {@link #close} waits for each of the gate's threads. */
    static final long CLOSE_LIMIT_MILLIS = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(RedirectorGate.class);

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

    private RedirectorGate(GateConfig config, GateListener listener, LongSupplier nanoClock) {
        this.queue = new GateQueue(config.maxHeldBytes(), HeldShare.ofThisProcess());
        this.listener = listener;
        this.nanoClock = nanoClock;
    }

    /**
     * Connects to QEMU and starts to hold.
     *
     * @param nanoClock monotonic nanoseconds, for the ages of frames and when they left
     * @throws IOException when a socket can't be connected; nothing is left open
     */
    public static RedirectorGate connect(
            GateSockets sockets, GateConfig config, GateListener listener, FrameTap tap, LongSupplier nanoClock)
            throws IOException {
        RedirectorGate gate = new RedirectorGate(config, listener, nanoClock);
        try {
            gate.start(sockets, new GateFrames(config.vnetHeader()), tap);
        } catch (IOException | RuntimeException | Error e) {
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
        addThread("in", in, new GateWriter(queue, in, nanoClock)::run);
        threads.forEach(Thread::start);
    }

    /** Seals the frames that have arrived so far. */
    @Override
    public void cut(long epoch) {
        queue.cut(epoch);
    }

    @Override
    public Optional<Released> release(long epoch) {
        return Optional.of(queue.release(epoch, nanoClock.getAsLong()));
    }

    @Override
    public void passThrough() {
        queue.passThrough(true, nanoClock.getAsLong());
    }

    /** At once, and never fails. */
    @Override
    public void hold() {
        queue.passThrough(false, nanoClock.getAsLong());
    }

    /**
     * Drops everything held, and all that comes, for good. Frames that the writer has begun to write still leave; they were
     * released.
     */
    @Override
    public void discard() {
        queue.giveUp(GateState.DISCARDED, "output was discarded by request");
    }

    /** Waits until QEMU has taken back all that was released. */
    @Override
    public boolean awaitDrained(long limitNanos) throws InterruptedException {
        return queue.awaitDrained(limitNanos);
    }

    @Override
    public OptionalLong heldSinceEpoch() {
        return queue.heldSinceEpoch();
    }

    @Override
    public boolean hasBeenQuietSince(long nanos) {
        return queue.hasBeenQuietSince(nanos);
    }

    @Override
    public GateState state() {
        return queue.state();
    }

    @Override
    public Optional<GateSnapshot> frames() {
        return Optional.of(snapshot());
    }

    /** Reads all counters and levels at one moment. */
    public GateSnapshot snapshot() {
        return queue.snapshot(nanoClock.getAsLong());
    }

    /**
     * Discards what is held and closes the sockets. QEMU then drops the guest's output until its filter is removed.
     */
    @Override
    public void close() {
        queue.giveUp(GateState.DISCARDED, "the gate was closed");
        channels.forEach(RedirectorGate::closeQuietly);
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
