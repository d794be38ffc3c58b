package io.lull.worker.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A unix socket that answers each connection with one JSON document and closes it.
 *
 * <p>Only the owner may connect. Connections are served one after the other and nothing is read from them; a document is
 * small enough for the socket's buffer, so a client that doesn't read holds nobody up.
 */
public final class StatusSocket implements AutoCloseable {
    /** Its name in a worker's runDir. */
    public static final String NAME = "status.sock";

    /** Longest document. */
    public static final int MAX_DOCUMENT_BYTES = Documents.MAX_BYTES;

    private final Supplier<? extends JsonNode> document;
    private final OwnerSocket socket;

    /**
     * Listens, replacing a socket that a dead process left at the path.
     *
     * @param document asked once for each connection, on this socket's thread
     * @throws IOException when the path can't be bound, or a living process answers there
     */
    public StatusSocket(Path path, Supplier<? extends JsonNode> document) throws IOException {
        this.document = document;
        this.socket = new OwnerSocket("status", path, this::serve);
    }

    private void serve(SocketChannel client) throws IOException {
        Documents.write(client, document.get());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
