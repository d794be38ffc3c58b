package io.lull.worker.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/** JSON documents of bounded size on a local connection, each ended by the end of its sender's stream. */
final class Documents {
    /** Longest document. */
    static final int MAX_BYTES = 64 << 10;

    private static final JsonMapper JSON = new JsonMapper();

    private Documents() {}

    /**
     * Connects at once or never: where as many connections wait as may, a plain connect would wait with them for ever.
     *
     * @throws SocketException when nobody listens, or who does takes no connections: it hangs
     */
    static void connect(SocketChannel channel, Path socket) throws IOException {
        channel.configureBlocking(false);
        if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
            throw new SocketException("no connection is taken");
        }
    }

    /** Writes as much as the socket's buffer takes, which is a whole document of a fresh connection. */
    static void write(SocketChannel channel, JsonNode document) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(document));
        if (bytes.remaining() > MAX_BYTES) {
            throw new IOException("a document has " + bytes.remaining() + " bytes, limit " + MAX_BYTES);
        }
        channel.configureBlocking(false);
        channel.write(bytes);
    }

    /**
     * Reads to the end of the stream.
     *
     * @throws IOException when no whole document comes within the limit, or it isn't JSON
     */
    static JsonNode read(SocketChannel channel, Duration limit) throws IOException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        ByteBuffer document = ByteBuffer.allocate(MAX_BYTES + 1);
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            while (channel.read(document) >= 0 && document.hasRemaining()) {
                long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    throw new IOException("didn't answer within " + limit);
                }
                selector.select(leftMillis);
            }
        }
        if (document.position() == 0 || !document.hasRemaining()) {
            throw new IOException("sent " + document.position() + " bytes, no document");
        }
        return JSON.readTree(document.array(), 0, document.position());
    }
}
