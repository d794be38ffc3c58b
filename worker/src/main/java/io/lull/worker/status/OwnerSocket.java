package io.lull.worker.status;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A unix socket to which only the owner may connect; connections are served one after the other. */
final class OwnerSocket implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OwnerSocket.class);
    private static final int BACKLOG = 16;
    private static final long RETRY_MILLIS = 100;

    private final String what;
    private final Path path;
    private final Service service;
    private final ServerSocketChannel server;
    private final Thread thread;

    /** Serves a connection, which is closed afterwards; must bound its waits. */
    interface Service {
        void serve(SocketChannel client) throws IOException, InterruptedException;
    }

    /**
     * Listens, replacing a socket that a dead process left at the path.
     *
     * @param what it is, for messages and the thread's name
     * @throws IOException when the path can't be bound, or a living process answers there
     */
    OwnerSocket(String what, Path path, Service service) throws IOException {
        this.what = what;
        this.path = path;
        this.service = service;
        removeStale();
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            server.close();
            throw new IOException("cannot listen on " + what + " socket " + path + ": " + e.getMessage(), e);
        }
        this.thread = new Thread(this::serve, "lull-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    private void removeStale() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new IOException(what + " socket " + path + " belongs to a living process (" + probe.getRemoteAddress()
                    + "); give this one another path");
        } catch (java.net.SocketException e) {
            log.info("The {} socket {} is a dead process's: replaced", what, path);
            Files.deleteIfExists(path);
        }
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                service.serve(client);
            } catch (ClosedChannelException | InterruptedException e) {
                if (!server.isOpen()) {
                    return;
                }
                log.warn("The {} socket {}: {}", what, path, e.toString());
            } catch (IOException | RuntimeException e) {
                log.warn("The {} socket {}: {}", what, path, e.toString());
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

    /** Ends the service, interrupting it in what it does, and removes the socket. */
    @Override
    public void close() throws IOException {
        server.close();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(path);
    }
}
