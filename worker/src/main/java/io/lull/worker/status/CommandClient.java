package io.lull.worker.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a worker's command socket. */
public final class CommandClient {
    private CommandClient() {}

    /**
     * Has a request carried out.
     *
     * @return the worker's answer
     * @throws IOException when nobody listens, or no whole answer comes within the limit: the request may be carried out
     *     all the same
     */
    public static JsonNode ask(Path socket, JsonNode request, Duration limit) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Documents.connect(channel, socket);
            Documents.write(channel, request);
            channel.shutdownOutput();
            return Documents.read(channel, limit);
        } catch (java.net.SocketException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "command socket " + socket + " " + e.getMessage()
                            + "; what it was told may be carried out all the same: see lull status",
                    e);
        }
    }
}
