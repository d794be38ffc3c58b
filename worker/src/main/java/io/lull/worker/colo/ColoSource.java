package io.lull.worker.colo;

import io.lull.producer.qemu.Qmp;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoint source on stock QEMU: arms COLO, hands on what it captures, and pauses the guest when told to.
 *
 * <p>{@link #run} reads the stream on the caller's thread until the source fails or is closed. {@link #reply} is the
 * actuator and may be called from any thread. {@link #watchdog} frees a guest whose checkpoint stalls.
 */
public final class ColoSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ColoSource.class);
    private static final long CONNECT_TIMEOUT_MILLIS = 20_000;

    private final ColoControl control;
    private final Path socketPath;
    private final LongSupplier nanoClock;
    private volatile ColoState state = ColoState.NEW;
    private volatile String stateReason = "created";
    private volatile long repliedAtNanos;
    private volatile boolean armed;
    private boolean gaveUp;
    private volatile @Nullable SocketChannel channel;
    private final ByteBuffer replyMessage = message(ColoMessage.CHECKPOINT_REPLY);
    private final ByteBuffer resumeMessage = message(ColoMessage.VMSTATE_RECEIVED, ColoMessage.VMSTATE_LOADED);

    /**
     * @param qmp a connected monitor of the VM; nobody else may issue migration commands
     * @param socketPath where QEMU connects to; made and removed here
     */
    public ColoSource(Qmp qmp, Path socketPath, LongSupplier nanoClock) {
        this.control = new ColoControl(qmp);
        this.socketPath = socketPath;
        this.nanoClock = nanoClock;
    }

    public ColoState state() {
        return state;
    }

    /** Why the source is in its state. */
    public String stateReason() {
        return stateReason;
    }

    /** Arms COLO and hands on checkpoints until the source fails (an exception) or is closed (returns). */
    public void run(CaptureHandler handler) throws IOException {
        try (ServerSocketChannel server = listen()) {
            transition(ColoState.ARMING, "run");
            control.prepare();
            armed = true;
            control.migrate(socketPath);
            SocketChannel accepted = accept(server);
            use(accepted);
            transition(ColoState.INITIAL_COPY, "QEMU connected");
            StagingArea staging = handler.nextStaging();
            StreamReader in = new StreamReader(accepted, staging, nanoClock);
            InitialStream.Result initial =
                    new InitialStream(in, staging, handler, new Convergence(control, nanoClock)).read();
            write(message(ColoMessage.CHECKPOINT_READY));
            transition(ColoState.RUNNING, "initial copy done, guest resumed");
            checkpoints(in, staging, initial, handler);
        } catch (IOException | RuntimeException e) {
            if (state == ColoState.CLOSED) {
                return;
            }
            transition(ColoState.FAILED, String.valueOf(e.getMessage()));
            throw e;
        } finally {
            Files.deleteIfExists(socketPath);
        }
    }

    private void checkpoints(StreamReader in, StagingArea first, InitialStream.Result initial, CaptureHandler handler)
            throws IOException {
        CheckpointStream stream = new CheckpointStream(in, initial);
        StagingArea staging = first;
        while (true) {
            stream.request();
            transition(ColoState.PENDING, "QEMU asks");
            handler.pending();
            stream.paused();
            long pausedAtNanos = nanoClock.getAsLong();
            long readBeforeNanos = in.readingNanos();
            transition(ColoState.PAUSED, "guest stopped");
            handler.paused(pausedAtNanos);
            stream.readRam(staging);
            int ramPages = staging.pages().count();
            long ramReadAtNanos = nanoClock.getAsLong();
            int deviceStateBytes = stream.readDeviceState(staging);
            long stateReadAtNanos = nanoClock.getAsLong();
            handler.beforeResume(staging);
            boolean stands = handler.standsStill(pausedAtNanos);
            if (stands) {
                transition(ColoState.STANDING, "the last checkpoint before a handover");
            } else {
                resume();
            }
            handler.resumed(new Capture(
                    staging,
                    ramPages,
                    deviceStateBytes,
                    repliedAtNanos,
                    pausedAtNanos,
                    ramReadAtNanos,
                    stateReadAtNanos,
                    nanoClock.getAsLong(),
                    in.readingNanos() - readBeforeNanos));
            if (stands) {
                handler.awaitRun();
                resume();
            }
            staging = handler.nextStaging();
            staging.reset();
            in.switchTo(staging);
        }
    }

    private void resume() throws IOException {
        write(resumeMessage.duplicate());
        transition(ColoState.RUNNING, "guest resumed");
    }

    /** Writes the order to pause; false when QEMU is not waiting for it. */
    public boolean reply() throws IOException {
        synchronized (this) {
            if (state != ColoState.PENDING) {
                return false;
            }
            repliedAtNanos = nanoClock.getAsLong();
            transition(ColoState.STOPPING, "trigger");
            write(replyMessage.duplicate());
            return true;
        }
    }

    /**
     * Frees the guest when a checkpoint has taken longer than {@code limitNanos}: QEMU then resumes it and closes the
     * stream, so that {@link #run} ends with an exception. Returns whether it had to, once; one thread calls.
     */
    public boolean watchdog(long limitNanos) {
        ColoState now = state;
        boolean stopped = now == ColoState.STOPPING || now == ColoState.PAUSED;
        if (!stopped || gaveUp || nanoClock.getAsLong() - repliedAtNanos < limitNanos) {
            return false;
        }
        gaveUp = true;
        LOG.error(
                "checkpoint stalled in {} for over {} ms: giving up the epoch so that the guest runs on",
                now,
                limitNanos / 1_000_000);
        control.leave();
        return true;
    }

    private ServerSocketChannel listen() throws IOException {
        Files.deleteIfExists(socketPath);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socketPath));
        return server;
    }

    private static SocketChannel accept(ServerSocketChannel server) throws IOException {
        server.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            server.register(selector, SelectionKey.OP_ACCEPT);
            if (selector.select(CONNECT_TIMEOUT_MILLIS) == 0) {
                throw new ColoStreamException("QEMU did not connect within " + CONNECT_TIMEOUT_MILLIS
                        + " ms of migrate: see query-migrate on its monitor");
            }
            SocketChannel accepted = server.accept();
            accepted.configureBlocking(true);
            return accepted;
        }
    }

    private static ByteBuffer message(ColoMessage... messages) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(4 * messages.length);
        for (ColoMessage each : messages) {
            bytes.putInt(each.ordinal());
        }
        return bytes.flip();
    }

    private void write(ByteBuffer bytes) throws IOException {
        SocketChannel to = channel;
        if (to == null) {
            throw new ColoStreamException("QEMU is not connected");
        }
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    private synchronized void use(SocketChannel accepted) throws IOException {
        if (state == ColoState.CLOSED) {
            accepted.close();
            throw new ColoStreamException("the source was closed");
        }
        channel = accepted;
    }

    private synchronized void transition(ColoState next, String reason) {
        if (state == ColoState.CLOSED) {
            return;
        }
        LOG.trace("{} -> {}: {}", state, next, reason);
        stateReason = reason;
        state = next;
    }

    /**
     * Disarms and closes; {@link #run} returns. Returns when QEMU is out of COLO and the guest runs, or does not answer.
     * Idempotent.
     */
    @Override
    public void close() {
        close(true);
    }

    /**
     * As {@link #close()}, where the guest may also be left as it is.
     *
     * @param leaves whether QEMU leaves COLO, so that a guest which is paused runs; if not, one that stands still does so
     *     until something else has QEMU leave
     */
    public void close(boolean leaves) {
        SocketChannel open;
        synchronized (this) {
            if (state == ColoState.CLOSED) {
                return;
            }
            transition(ColoState.CLOSED, "close");
            open = channel;
        }
        if (armed && leaves) {
            control.leave();
        }
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("closing the COLO stream", e);
            }
        }
        if (armed && leaves && !control.awaitOut()) {
            LOG.warn("QEMU does not say that it is out of COLO; is it gone, or stuck?");
        }
    }
}
