package io.lull.bench.fuzz.siege;

import io.lull.bench.fuzz.Mutations;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A QEMU monitor that serves one connection after the other, each in a hostile manner. */
final class HostileQemu implements AutoCloseable {
    private static final String GREETING =
            "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7}, \"package\": \"\"},"
                    + " \"capabilities\": []}}\r\n";
    private static final int READ_BYTES = 1 << 16;

    private final ServerSocketChannel server;
    private final Mutations mutations;
    private final BlockingQueue<Manner> manners = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::serve, "hostile-qemu");

    /** What it does with a connection. */
    enum Manner {
        /** Mutated lines from the first byte on. */
        RAVES,
        /** A right greeting and a right answer to the first command, and mutated lines for each that follows. */
        TURNS,
        /** Nothing. */
        KEEPS_SILENT,
        /** A right greeting and answers to commands that were never sent, unread. */
        FORETELLS,
        /** Ends the connection. */
        HANGS_UP
    }

    HostileQemu(Path socket, Mutations mutations) throws IOException {
        this.mutations = mutations;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        thread.setDaemon(true);
        thread.start();
    }

    /** The manner in which the next connection is served. */
    void next(Manner manner) {
        manners.add(manner);
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                serve(client, manners.take());
            } catch (IOException gone) {
                // The client has had enough, or the siege is over.
                continue;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void serve(SocketChannel client, Manner manner) throws IOException {
        switch (manner) {
            case RAVES -> say(client, mutations.next());
            case TURNS -> {
                say(client, GREETING);
                read(client);
                say(client, "{\"return\": {}, \"id\": 1}\n");
                while (read(client) >= 0) {
                    say(client, mutations.next());
                }
            }
            case FORETELLS -> {
                say(client, GREETING);
                for (int id = 1; id <= 3; id++) {
                    say(client, "{\"return\": {}, \"id\": " + id + "}\n");
                }
            }
            case KEEPS_SILENT, HANGS_UP -> {}
        }
        if (manner != Manner.HANGS_UP) {
            while (read(client) >= 0) {
                // Until the client leaves.
            }
        }
    }

    private static void say(SocketChannel client, String text) throws IOException {
        say(client, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void say(SocketChannel client, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            client.write(buffer);
        }
    }

    private static int read(SocketChannel client) throws IOException {
        return client.read(ByteBuffer.allocate(READ_BYTES));
    }

    @Override
    public void close() throws IOException {
        server.close();
        thread.interrupt();
    }
}
