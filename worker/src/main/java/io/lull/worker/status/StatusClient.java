package io.lull.worker.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a worker's status socket. */
public final class StatusClient {
    private StatusClient() {}

    /**
     * Reads one document.
     *
     * @throws IOException when nobody listens, no whole document comes within the limit, or it isn't JSON
     */
    public static JsonNode read(Path socket, Duration limit) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Documents.connect(channel, socket);
            return Documents.read(channel, limit);
        } catch (java.net.SocketException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("status socket " + socket + " " + e.getMessage(), e);
        }
    }
}
