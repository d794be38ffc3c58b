package io.lull.producer.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A QMP connection to one QEMU over a unix socket; a QEMU monitor serves one client at a time.
 *
 * <p>One thread reads; whoever calls writes. Malformed or unexpected input closes the connection with a reason, which
 * every outstanding and later command fails with. A command that timed out stays counted as outstanding until QEMU
 * answers it after all, so a QEMU that hangs makes later commands fail as {@link QmpException.Kind#BUSY} and grows
 * nothing here.
 */
public final class QmpClient implements Qmp, AutoCloseable {
    /** Commands that may wait for an answer. */
    public static final int MAX_OUTSTANDING = 64;

    /** Their size in bytes; less than a socket takes in, so that a QEMU that hangs never blocks a writer. */
    public static final int MAX_OUTSTANDING_BYTES = 64 << 10;

    /**
     * Looks, {@value #WRITE_LOOK_NANOS} ns or more apart, after which a socket that takes no command is closed: QEMU answers,
     * and reads nothing. They are counted, not timed, as this process may be stopped meanwhile.
     */
    static final int MAX_WRITE_LOOKS = 2_000;

    private static final long WRITE_LOOK_NANOS = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(QmpClient.class);
    private static final int READ_BYTES = 64 << 10;

    private final Path socket;
    /** Blocks nobody once it is connected: a channel that does closes itself under a thread that is interrupted. */
    private final SocketChannel channel;

    private final Selector readable;
    private final Consumer<QmpEvent> listener;
    private final CompletableFuture<QemuVersion> greeting = new CompletableFuture<>();
    private final CompletableFuture<QmpException> closed = new CompletableFuture<>();
    private final Map<Long, Outstanding> outstanding = new ConcurrentHashMap<>();
    private final ReentrantLock writing = new ReentrantLock();
    private long lastId;

    /**
     * A command without an answer so far.
     *
     * @param timer fails the answer at the command's deadline; cancelled by the answer
     */
    private record Outstanding(String command, int bytes, CompletableFuture<JsonNode> answer, PartedTimer timer) {
        void fail(QmpException reason) {
            timer.cancel();
            answer.completeExceptionally(reason);
        }
    }

    private QmpClient(Path socket, Consumer<QmpEvent> listener) throws IOException {
        this.socket = socket;
        this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            this.readable = Selector.open();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        this.listener = listener;
    }

    /**
     * Connects, reads the greeting and negotiates capabilities.
     *
     * @param listener called with every event, on the reading thread: it must not block, wait for a command or throw
     * @param timeout for the greeting, and then for the capabilities: a QEMU may greet, and carry out nothing
     */
    public static QmpClient connect(Path socket, Consumer<QmpEvent> listener, Duration timeout)
            throws QmpException, InterruptedException {
        QmpClient client;
        try {
            client = new QmpClient(socket, listener);
        } catch (IOException e) {
            throw QmpException.of(QmpException.Kind.CLOSED, "cannot open a unix socket: " + e.getMessage());
        }
        Thread reader = new Thread(client::read, "qmp-" + socket.getFileName());
        reader.setDaemon(true);
        reader.start();
        try {
            client.awaitGreeting(timeout);
            client.call("qmp_capabilities", Map.of(), timeout);
            return client;
        } catch (QmpException | InterruptedException e) {
            client.close();
            throw e;
        }
    }

    private void awaitGreeting(Duration timeout) throws QmpException, InterruptedException {
        CompletableFuture<QemuVersion> inTime = greeting.copy();
        PartedTimer timer = PartedTimer.start(
                timeout,
                () -> inTime.completeExceptionally(QmpException.of(
                        QmpException.Kind.TIMEOUT,
                        "QMP socket " + socket + " sent no greeting within " + timeout
                                + "; another client may hold this monitor: give it a monitor of its own")));
        try {
            inTime.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof QmpException failure ? failure : closed.join();
        } finally {
            timer.cancel();
        }
    }

    /** The version that QEMU greeted with. */
    public QemuVersion version() {
        return greeting.join();
    }

    /** Completes with the reason when the connection closes, by either side. */
    public CompletableFuture<QmpException> whenClosed() {
        return closed.copy();
    }

    @Override
    public CompletableFuture<JsonNode> execute(String command, JsonNode arguments, Duration timeout) {
        writing.lock();
        try {
            long id = ++lastId;
            byte[] bytes = QmpCodec.encode(id, command, arguments);
            if (!hasRoomFor(bytes.length)) {
                return CompletableFuture.failedFuture(busy(command));
            }
            CompletableFuture<JsonNode> answer = new CompletableFuture<>();
            PartedTimer timer = PartedTimer.start(timeout, () -> answer.completeExceptionally(late(command, timeout)));
            Outstanding entry = new Outstanding(command, bytes.length, answer, timer);
            outstanding.put(id, entry);
            write(bytes);
            if (closed.isDone()) {
                outstanding.remove(id);
                entry.fail(closed.join());
            }
            return answer;
        } finally {
            writing.unlock();
        }
    }

    private boolean hasRoomFor(int bytes) {
        long waitingBytes = 0;
        for (Outstanding entry : outstanding.values()) {
            waitingBytes += entry.bytes();
        }
        return outstanding.size() < MAX_OUTSTANDING && waitingBytes + bytes <= MAX_OUTSTANDING_BYTES;
    }

    private void write(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        boolean interrupted = false;
        int looks = 0;
        try {
            while (buffer.hasRemaining() && !closed.isDone()) {
                if (channel.write(buffer) == 0) {
                    if (++looks > MAX_WRITE_LOOKS) {
                        close(QmpException.of(
                                QmpException.Kind.CLOSED,
                                "QMP socket " + socket + " took no command for " + looks * WRITE_LOOK_NANOS / 1_000_000
                                        + " ms: its other end does not read"));
                    }
                    // Or it would not wait.
                    interrupted |= Thread.interrupted();
                    LockSupport.parkNanos(WRITE_LOOK_NANOS);
                }
            }
        } catch (IOException e) {
            close(QmpException.of(QmpException.Kind.CLOSED, "writing to QMP socket " + socket + " failed: " + e));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void read() {
        QmpCodec codec = new QmpCodec();
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            channel.register(readable, SelectionKey.OP_READ);
            for (int count = 0; count >= 0; count = channel.read(buffer.clear())) {
                if (count == 0) {
                    readable.select(key -> {});
                } else {
                    for (QmpMessage message : codec.decode(buffer.flip())) {
                        handle(message);
                    }
                }
            }
            close(QmpException.of(QmpException.Kind.CLOSED, "QEMU closed QMP socket " + socket));
        } catch (ClosedSelectorException e) {
            LOG.debug("QMP connection {}: its reader ends, as it is closed", socket);
        } catch (QmpException e) {
            close(e);
        } catch (IOException e) {
            close(QmpException.of(
                    QmpException.Kind.CLOSED, "QMP socket " + socket + ": " + e + "; is QEMU running with this -qmp?"));
        } catch (RuntimeException | Error e) {
            LOG.error("Bug while handling input of QMP socket {}; closing it", socket, e);
            close(QmpException.of(QmpException.Kind.CLOSED, "a bug closed QMP socket " + socket + ": " + e));
        }
    }

    private void handle(QmpMessage message) throws QmpException {
        boolean greeted = greeting.isDone();
        if (message instanceof QmpMessage.Greeting hello && !greeted) {
            greeting.complete(hello.version());
        } else if (message instanceof QmpMessage.Return result && greeted) {
            Outstanding entry = take(result.id());
            entry.timer().cancel();
            entry.answer().complete(result.value());
        } else if (message instanceof QmpMessage.Refusal refusal && greeted) {
            Outstanding entry = take(refusal.id());
            entry.fail(QmpException.refused(entry.command(), refusal.errorClass(), refusal.description()));
        } else if (message instanceof QmpMessage.Event event && greeted) {
            listener.accept(event.event());
        } else {
            throw QmpException.of(
                    QmpException.Kind.PROTOCOL,
                    "QMP socket " + socket + " sent " + (greeted ? "a second greeting" : "no greeting first"));
        }
    }

    private Outstanding take(long id) throws QmpException {
        Outstanding entry = outstanding.remove(id);
        if (entry == null) {
            throw QmpException.of(
                    QmpException.Kind.PROTOCOL, "QMP socket " + socket + " answered command " + id + ", never asked");
        }
        return entry;
    }

    private static QmpException late(String command, Duration timeout) {
        return QmpException.of(QmpException.Kind.TIMEOUT, "QEMU did not answer " + command + " within " + timeout);
    }

    private QmpException busy(String command) {
        return QmpException.of(
                QmpException.Kind.BUSY,
                command + " not sent: " + outstanding.size() + " commands wait for QEMU; is it stuck, or stopped?");
    }

    /** Closes the connection; outstanding commands fail. Closing again does nothing. */
    @Override
    public void close() {
        close(QmpException.of(QmpException.Kind.CLOSED, "QMP socket " + socket + " was closed on this side"));
    }

    private void close(QmpException reason) {
        if (!closed.complete(reason)) {
            return;
        }
        try {
            channel.close();
            readable.close();
        } catch (IOException e) {
            LOG.warn("Closing QMP socket {} failed: {}", socket, e.toString());
        }
        greeting.completeExceptionally(reason);
        outstanding.forEach((id, entry) -> {
            if (outstanding.remove(id, entry)) {
                entry.fail(reason);
            }
        });
        LOG.info("QMP connection {} closed: {}", socket, reason.getMessage());
    }
}
