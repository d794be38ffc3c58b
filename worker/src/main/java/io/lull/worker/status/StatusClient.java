package io.lull.worker.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a worker's status socket. */
public final class StatusClient {
    private static final JsonMapper JSON = new JsonMapper();

    private StatusClient() {}

    /**
     * Reads one document.
     *
     * @throws IOException when nobody listens, no whole document comes within the limit, or it isn't JSON
     */
    public static JsonNode read(Path socket, Duration limit) throws IOException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        ByteBuffer document = ByteBuffer.allocate(StatusSocket.MAX_DOCUMENT_BYTES + 1);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            while (channel.read(document) >= 0 && document.hasRemaining()) {
                long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    throw new IOException("status socket " + socket + " didn't answer within " + limit);
                }
                selector.select(leftMillis);
            }
        }
        if (document.position() == 0 || !document.hasRemaining()) {
            throw new IOException("status socket " + socket + " sent " + document.position() + " bytes, no document");
        }
        return JSON.readTree(document.array(), 0, document.position());
    }
}
