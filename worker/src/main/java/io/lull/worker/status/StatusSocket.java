package io.lull.worker.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A unix socket that answers each connection with one JSON document and closes it.
 *
 * <p>Only the owner may connect. Connections are served one after the other and nothing is read from them; a document is
 * small enough for the socket's buffer, so a client that doesn't read holds nobody up.
 */
public final class StatusSocket implements AutoCloseable {
    /** Longest document. */
    public static final int MAX_DOCUMENT_BYTES = 64 << 10;

    private static final Logger log = LoggerFactory.getLogger(StatusSocket.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final int BACKLOG = 16;
    private static final long RETRY_MILLIS = 100;

    private final Path path;
    private final Supplier<? extends JsonNode> document;
    private final ServerSocketChannel server;
    private final Thread thread;

    /**
     * Listens, replacing a socket that a dead process left at the path.
     *
     * @param document asked once for each connection, on this socket's thread
     * @throws IOException when the path can't be bound, or a living process answers there
     */
    public StatusSocket(Path path, Supplier<? extends JsonNode> document) throws IOException {
        this.path = path;
        this.document = document;
        removeStale(path);
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            server.close();
            throw new IOException("cannot listen on status socket " + path + ": " + e.getMessage(), e);
        }
        this.thread = new Thread(this::serve, "lull-status");
        thread.setDaemon(true);
        thread.start();
    }

    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new IOException("status socket " + path + " belongs to a living process (" + probe.getRemoteAddress()
                    + "); give this one another path");
        } catch (java.net.SocketException e) {
            log.info("Status socket {} is a dead process's: replaced", path);
            Files.deleteIfExists(path);
        }
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                client.configureBlocking(false);
                ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(document.get()));
                if (bytes.remaining() > MAX_DOCUMENT_BYTES) {
                    log.warn("The status document has {} bytes, limit {}", bytes.remaining(), MAX_DOCUMENT_BYTES);
                } else {
                    client.write(bytes);
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException e) {
                log.warn("Status socket {}: {}", path, e.toString());
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(path);
    }
}
