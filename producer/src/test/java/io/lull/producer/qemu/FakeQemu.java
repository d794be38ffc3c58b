package io.lull.producer.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The QEMU end of one QMP connection, driven step by step by a test. */
final class FakeQemu implements AutoCloseable {
    static final String GREETING =
            "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7}, \"package\": \"Debian\"},"
                    + " \"capabilities\": [\"oob\"]}}";

    private static final JsonMapper JSON = new JsonMapper();

    private final ServerSocketChannel server;
    private final CompletableFuture<SocketChannel> accepted;

    FakeQemu(Path socket) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        accepted = CompletableFuture.supplyAsync(() -> {
            try {
                return server.accept();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Greets and grants capabilities in the background, so that a test's thread can connect. */
    CompletableFuture<Void> negotiate() {
        return CompletableFuture.runAsync(() -> {
            send(GREETING);
            JsonNode command = receive();
            if (!command.path("execute").asText().equals("qmp_capabilities")) {
                throw new AssertionError("expected qmp_capabilities, got " + command);
            }
            answer(command, "{}");
        });
    }

    void send(String line) {
        sendRaw((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    void sendRaw(byte[] bytes) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                connection().write(buffer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void answer(JsonNode command, String value) {
        send("{\"return\": " + value + ", \"id\": " + command.get("id") + "}");
    }

    void refuse(JsonNode command, String errorClass, String description) {
        send("{\"error\": {\"class\": \"" + errorClass + "\", \"desc\": \"" + description + "\"}, \"id\": "
                + command.get("id") + "}");
    }

    /** The next command. */
    JsonNode receive() {
        try {
            ByteBuffer one = ByteBuffer.allocate(1);
            StringBuilder line = new StringBuilder();
            while (connection().read(one.clear()) > 0 && one.get(0) != '\n') {
                line.append((char) one.get(0));
            }
            return JSON.readTree(line.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the client has closed its end; waits for it. */
    boolean clientHasGone() throws IOException {
        return Channels.newInputStream(connection()).read() < 0;
    }

    private SocketChannel connection() {
        return accepted.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() throws IOException {
        if (accepted.isDone() && !accepted.isCompletedExceptionally()) {
            accepted.join().close();
        }
        server.close();
    }
}
