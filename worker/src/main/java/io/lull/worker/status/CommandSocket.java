package io.lull.worker.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A unix socket on which the owner tells a worker to do something: one JSON request a connection, ended by the end of the
 * client's stream, and one JSON answer. Requests are carried out one after the other.
 */
public final class CommandSocket implements AutoCloseable {
    /** How long a client may take to say what it wants. */
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(2);

    private final Handler handler;
    private final OwnerSocket socket;

    /** Carries a request out; bounded in time, and interrupted when the socket is closed. */
    public interface Handler {
        JsonNode answer(JsonNode request) throws InterruptedException;
    }

    /**
     * Listens, replacing a socket that a dead process left at the path.
     *
     * @throws IOException when the path can't be bound, or a living process answers there
     */
    public CommandSocket(Path path, Handler handler) throws IOException {
        this.handler = handler;
        this.socket = new OwnerSocket("command", path, this::serve);
    }

    private void serve(SocketChannel client) throws IOException, InterruptedException {
        Documents.write(client, handler.answer(Documents.read(client, REQUEST_LIMIT)));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
