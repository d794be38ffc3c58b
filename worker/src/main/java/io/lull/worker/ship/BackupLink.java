package io.lull.worker.ship;

import io.lull.worker.limit.Stillness;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.Hashes;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.ProtocolException;
import io.lull.worker.protocol.Welcome;
import io.lull.worker.wire.TruncatedException;
import io.lull.worker.wire.Wire;
import io.lull.worker.wire.WireState;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The primary's connection to its backup.
 *
 * <p>{@code connect}, {@link #layout}, then {@link #send} from any thread. A link is lost once and for good; then
 * {@code send} returns false and does nothing.
 */
public final class BackupLink implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BackupLink.class);
    /** How many times within the silence limit the watchdog looks. */
    private static final int LOOKS_PER_SILENCE = 8;

    private static final OptionalLong ALWAYS = OptionalLong.of(0);

    private final LinkOptions options;
    private final LinkListener listener;
    private final Wire wire;
    private final FrameReader reader;
    private final SendRing ring;
    private final LinkRate rate = new LinkRate();
    private final ScheduledExecutorService watchdog;
    private final Welcome welcome;
    private final AtomicBoolean lost = new AtomicBoolean();
    private final AtomicLong received = new AtomicLong();
    private final Stillness silence;
    private final BackupAnswers answers;
    private final Goodbye goodbye;

    private BackupLink(LinkOptions options, Wiring wiring, Hello hello, LinkListener listener) throws IOException {
        this.options = options;
        this.listener = listener;
        this.silence = new Stillness(options.silenceLimitNanos());
        this.answers = new BackupAnswers(listener, lost::get);
        SocketChannel socket = SocketChannel.open();
        this.wire = wiring.over(socket);
        this.watchdog = startWatchdog();
        ScheduledFuture<?> limit =
                watchdog.schedule(this::closeWire, options.connectLimitNanos(), TimeUnit.NANOSECONDS);
        try {
            int millis = (int) TimeUnit.NANOSECONDS.toMillis(options.connectLimitNanos());
            socket.socket().connect(options.backup(), Math.max(1, millis));
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            // Not before somebody listens, as it is large and each attempt has its own; and before the backup hears of
            // this one.
            this.ring = new SendRing(options.ringBytes());
            this.goodbye = new Goodbye(ring, options.silenceLimitNanos());
            wire.handshake();
            this.reader = new FrameReader(wire);
            listener.greets();
            this.welcome = Handshake.run(wire, reader, hello);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            boolean late = limit.isDone() && e instanceof ClosedChannelException;
            watchdog.shutdownNow();
            closeWire();
            if (e instanceof RefusedException) {
                listener.refused();
            }
            if (late) {
                throw new SocketTimeoutException("backup " + options.backup() + " has not answered in time");
            }
            throw e;
        }
        limit.cancel(false);
    }

    /**
     * Connects, has each side prove who it is, and says HELLO.
     *
     * @param wiring how the connection is protected, and who the backup must be
     * @throws RefusedException when the backup doesn't accept this primary
     * @throws IOException when it can't be reached, isn't who it must be, or doesn't answer in time
     */
    public static BackupLink connect(LinkOptions options, Wiring wiring, Hello hello, LinkListener listener)
            throws IOException {
        BackupLink link = new BackupLink(options, wiring, hello, listener);
        link.start();
        return link;
    }

    private static ScheduledExecutorService startWatchdog() {
        return new ScheduledThreadPoolExecutor(1, task -> daemon(task, "lull-link-watchdog"));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void start() {
        log.info("Link to backup {} is up: {}", options.backup(), wire.state());
        long periodNanos = Math.max(1, options.silenceLimitNanos() / LOOKS_PER_SILENCE);
        watchdog.scheduleWithFixedDelay(this::checkSilence, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
        daemon(this::sendLoop, "lull-link-sender").start();
        daemon(this::readLoop, "lull-link-reader").start();
    }

    /** What the backup said about itself. */
    public Welcome welcome() {
        return welcome;
    }

    /**
     * Sends the layout and collects the hashes of the backup's image.
     *
     * @param sink gets every piece, in page order, on the link's reader thread; the buffer is valid during the call
     * @return done after the last page, failed when the link is lost before
     */
    public CompletableFuture<Void> layout(Layout layout, Consumer<Hashes> sink) throws InterruptedException {
        HashCollector created = new HashCollector(layout.totalPages(), sink);
        answers.collect(created);
        if (!send(layout.frame()) || lost.get()) {
            created.fail("link is lost");
        }
        return created.done();
    }

    /**
     * Queues a copy of the frame, waiting for room in the ring.
     *
     * @return false when the link is lost; the frame is then dropped
     */
    public boolean send(Frame frame) throws InterruptedException {
        return ring.put(frame);
    }

    /** Queues a copy of the frame if there is room at once; false when there is none, or the link is lost. */
    public boolean offer(Frame frame) {
        return ring.offer(frame);
    }

    /** How the connection is protected, and who the backup has proven to be. */
    public WireState wire() {
        return wire.state();
    }

    /** Bytes queued and not yet written. */
    public long backlogBytes() {
        return ring.backlogBytes();
    }

    /** Tells from now on whether all that is queued at this moment was written. */
    public BooleanSupplier soFarWritten() {
        return ring.soFarTaken();
    }

    /** Bytes written so far. */
    public long sentBytes() {
        return rate.totalBytes();
    }

    /**
     * What the link carries, or an upper bound of it while it isn't the bottleneck; never more than its ceiling. Empty until
     * 1 MiB was written, where there is no ceiling.
     */
    public OptionalDouble bytesPerSecond() {
        OptionalDouble carries = rate.bytesPerSecond();
        OptionalLong ceiling = options.ceilingBytesPerSecond();
        return ceiling.isEmpty()
                ? carries
                : OptionalDouble.of(Math.min(ceiling.getAsLong(), carries.orElse(Double.MAX_VALUE)));
    }

    public boolean isLost() {
        return lost.get();
    }

    /**
     * Says BYE after what is queued, so that the backup doesn't take this end for a failure, and waits for it to close
     * the connection in turn.
     *
     * @return whether it did within the limit of silence; if not, it may have heard nothing
     */
    public boolean close(String why) {
        boolean heard = goodbye.say(why);
        lose(LossKind.CLOSED_HERE, why);
        return heard;
    }

    /** Ends the link without BYE: the VM is gone, so the backup is to take this end for the loss of the primary. */
    public void abandon(String why) {
        lose(LossKind.CLOSED_HERE, why);
    }

    @Override
    public void close() {
        close("closed");
    }

    private void sendLoop() {
        try {
            new LinkSender(options, wire, ring, rate).run();
        } catch (IOException e) {
            lose(LossKind.RESET, "write failed: " + e);
        } catch (InterruptedException e) {
            lose(LossKind.CLOSED_HERE, "sender interrupted");
        } catch (RuntimeException | Error e) {
            log.error("Bug in the link to the backup while it sends; the link is given up", e);
            lose(LossKind.CLOSED_HERE, "bug: " + e);
        }
    }

    private void readLoop() {
        try {
            Optional<Frame> frame = reader.next();
            while (frame.isPresent()) {
                received.incrementAndGet();
                FrameReader.checkCrc(frame.get());
                Optional<String> leave = answers.take(frame.get());
                if (leave.isPresent()) {
                    lose(LossKind.BYE, leave.get());
                    return;
                }
                frame = reader.next();
            }
            goodbye.answered();
            lose(LossKind.END_OF_STREAM, "backup closed the connection");
        } catch (ProtocolException e) {
            lose(LossKind.PROTOCOL_ERROR, String.valueOf(e.getMessage()));
        } catch (TruncatedException e) {
            // Not the word that somebody who said BYE waits for: whoever can cut the connection can do this.
            lose(LossKind.END_OF_STREAM, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            lose(LossKind.RESET, "read failed: " + e);
        } catch (InterruptedException e) {
            lose(LossKind.CLOSED_HERE, "reader interrupted");
        } catch (RuntimeException | Error e) {
            log.error("Bug in the link to the backup or in its listener; the link is given up", e);
            lose(LossKind.CLOSED_HERE, "bug: " + e);
        }
    }

    private void checkSilence() {
        OptionalLong silentNanos = silence.look(ALWAYS, received.get(), System.nanoTime());
        if (silentNanos.isPresent()) {
            lose(LossKind.SILENCE, "nothing from the backup for " + silentNanos.getAsLong() / 1_000_000 + " ms");
        }
    }

    private void lose(LossKind seen, String why) {
        if (!lost.compareAndSet(false, true)) {
            return;
        }
        LossKind kind = goodbye.isBegun() ? LossKind.CLOSED_HERE : seen;
        ring.close();
        closeWire();
        watchdog.shutdown();
        answers.fail("link is lost: " + why);
        log.info("Link to backup {} is lost: {}, {}", options.backup(), kind, why);
        listener.onLost(kind, why);
    }

    private void closeWire() {
        try {
            wire.close();
        } catch (IOException e) {
            log.debug("Closing the connection to {} failed", options.backup(), e);
        }
    }
}
