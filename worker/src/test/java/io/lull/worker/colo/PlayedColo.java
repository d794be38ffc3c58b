package io.lull.worker.colo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.producer.qemu.Qmp;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A QEMU in COLO as a worker sees it, whose guest changes the same few pages in each epoch: it sends its part of the stream on
 * a thread of its own, asks for a checkpoint as soon as it may, and has a mirror that is in step at once.
 */
public final class PlayedColo implements Qmp, AutoCloseable {
    /** Checkpoints' dirty pages of the guest. */
    public static final int DIRTY_PAGES = 3;

    private static final int STATE_BYTES = 6_000;
    private static final long JOIN_MILLIS = 5_000;

    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private Optional<SocketChannel> stream = Optional.empty();
    private Optional<Thread> thread = Optional.empty();
    private String migration = "none";
    private Optional<String> mirror = Optional.empty();

    @Override
    public synchronized CompletableFuture<JsonNode> execute(String command, JsonNode arguments, Duration timeout) {
        try {
            return CompletableFuture.completedFuture(answer(command, arguments));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private JsonNode answer(String command, JsonNode arguments) throws IOException {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        switch (command) {
            case "migrate" -> connect(Path.of(arguments.path("uri").asText().replaceFirst("^unix:", "")));
            case "x-colo-lost-heartbeat" -> leave();
            case "query-migrate" -> answer.put("status", migration);
            case "query-status" -> answer.put("running", true);
            case "blockdev-mirror" ->
                mirror = Optional.of(arguments.path("job-id").asText());
            case "block-job-cancel" -> mirror = Optional.empty();
            case "query-block-jobs" -> {
                var jobs = JsonNodeFactory.instance.arrayNode();
                mirror.ifPresent(job -> jobs.addObject().put("device", job).put("ready", true));
                return jobs;
            }
            default -> {
                // Is carried out, and nothing is to be seen of it.
            }
        }
        return answer;
    }

    private void connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        stream = Optional.of(channel);
        migration = "colo";
        Thread playing = new Thread(() -> play(channel), "played-colo");
        playing.setDaemon(true);
        thread = Optional.of(playing);
        playing.start();
    }

    private void leave() throws IOException {
        migration = "completed";
        if (stream.isPresent()) {
            stream.get().close();
        }
    }

    private void play(SocketChannel channel) {
        byte[] request = new QemuStream().request().bytes();
        try {
            send(channel, QemuStream.initial().bytes());
            expect(channel, ColoMessage.CHECKPOINT_READY);
            for (int value = 0; ; value++) {
                send(channel, request);
                expect(channel, ColoMessage.CHECKPOINT_REPLY);
                send(
                        channel,
                        new QemuStream()
                                .checkpoint(1 + value % 100, STATE_BYTES)
                                .bytes());
                expect(channel, ColoMessage.VMSTATE_RECEIVED);
                expect(channel, ColoMessage.VMSTATE_LOADED);
            }
        } catch (EOFException | ClosedChannelException e) {
            // The worker is done, or has this leave COLO.
        } catch (IOException | RuntimeException | AssertionError e) {
            failed.complete(e);
        }
    }

    private static void send(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static void expect(SocketChannel channel, ColoMessage wanted) throws IOException {
        ByteBuffer four = ByteBuffer.allocate(4);
        while (four.hasRemaining()) {
            if (channel.read(four) < 0) {
                throw new EOFException();
            }
        }
        ColoMessage got = ColoMessage.of(four.flip().getInt());
        if (got != wanted) {
            throw new AssertionError("the worker said " + got + " instead of " + wanted);
        }
    }

    /** Throws what the worker did wrong, if it did. */
    public void requireWell() {
        if (failed.isDone()) {
            throw new AssertionError("the played QEMU ended", failed.join());
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        synchronized (this) {
            leave();
        }
        if (thread.isPresent()) {
            thread.get().join(JOIN_MILLIS);
        }
    }
}
