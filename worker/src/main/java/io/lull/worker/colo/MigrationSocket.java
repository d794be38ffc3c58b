package io.lull.worker.colo;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A unix socket that QEMU is told to migrate to; it is removed when this is closed. */
public final class MigrationSocket implements AutoCloseable {
    private final Path path;
    private final ServerSocketChannel server;

    private MigrationSocket(Path path, ServerSocketChannel server) {
        this.path = path;
        this.server = server;
    }

    /** Makes the socket, in the place of one that an earlier worker left. */
    public static MigrationSocket listen(Path path) throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            server.configureBlocking(false);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        return new MigrationSocket(path, server);
    }

    /** Waits for QEMU to connect. */
    public SocketChannel accept(long limitMillis) throws IOException {
        try (Selector selector = Selector.open()) {
            server.register(selector, SelectionKey.OP_ACCEPT);
            SocketChannel accepted = selector.select(limitMillis) == 0 ? null : server.accept();
            if (accepted == null) {
                throw new ColoStreamException("QEMU did not connect within " + limitMillis
                        + " ms of migrate: see query-migrate on its monitor");
            }
            accepted.configureBlocking(true);
            return accepted;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }
}
