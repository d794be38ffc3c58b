package io.lull.worker.disk;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An NBD server on a unix socket whose disk is a {@link WriteLog}: each write is logged and answered at once.
 *
 * <p>It serves one connection at a time, one after the other; a client that breaks the protocol is dropped, and costs a
 * fixed buffer.
 */
public final class NbdServer implements Closeable {
    /** How long {@link #close} waits for the server's thread. */
    static final long CLOSE_LIMIT_MILLIS = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(NbdServer.class);

    private final Path socket;
    private final NbdExport export;
    private final WriteLog log;
    private final NbdListener listener;
    private final ServerSocketChannel server;
    private final Thread thread;
    private @Nullable SocketChannel current;
    private boolean closed;

    private NbdServer(Path socket, NbdExport export, WriteLog log, NbdListener listener) throws IOException {
        this.socket = socket;
        this.export = export;
        this.log = log;
        this.listener = listener;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        this.thread = new Thread(this::serve, "lull-nbd");
    }

    /**
     * Starts to listen.
     *
     * @param socket in a folder that is closed to other users; a file that is there already is replaced
     */
    public static NbdServer listen(Path socket, NbdExport export, WriteLog log, NbdListener listener)
            throws IOException {
        NbdServer server = new NbdServer(socket, export, log, listener);
        try {
            Files.deleteIfExists(socket);
            server.server.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            server.server.close();
            throw new IOException("cannot listen for NBD on " + socket + ": " + e.getMessage(), e);
        }
        server.thread.setDaemon(true);
        server.thread.start();
        return server;
    }

    /**
     * Drops the client at once, if there is one, so that it doesn't wait for answers any more; does not wait itself. The
     * listener is called.
     */
    public synchronized void disconnect() throws IOException {
        if (current != null) {
            current.close();
        }
    }

    /** Drops the client, if there is one, and stops listening; the listener is not called. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            server.close();
            if (current != null) {
                current.close();
            }
        }
        try {
            TimeUnit.MILLISECONDS.timedJoin(thread, CLOSE_LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(socket);
    }

    private void serve() {
        while (true) {
            SocketChannel client;
            try {
                client = server.accept();
            } catch (IOException e) {
                tell("no further connection can be taken: " + e);
                return;
            }
            String reason = "closed";
            try (client) {
                if (enter(client)) {
                    reason = converse(client);
                }
            } catch (IOException e) {
                reason = "the connection was lost: " + e.getMessage();
            }
            tell(reason);
        }
    }

    private void tell(String reason) {
        if (server.isOpen()) {
            LOG.info("NBD client of {} is gone: {}", socket, reason);
            listener.onDisconnected(reason);
        }
    }

    private String converse(SocketChannel client) throws IOException {
        try {
            NbdStream stream = new NbdStream(client);
            if (!new NbdHandshake(stream, export).run()) {
                return "the client broke off the negotiation";
            }
            new NbdTransmission(stream, export, log).run();
            return "the client disconnected";
        } catch (NbdException e) {
            return "dropped: " + e.getMessage();
        } catch (EpochFullException e) {
            String why = String.valueOf(e.getMessage());
            LOG.warn("NBD server {} drops its client: {}", socket, why);
            listener.onEpochFull(why);
            return "dropped: " + why;
        } catch (RuntimeException | Error e) {
            LOG.error("NBD server {}: a bug in the sink or the server", socket, e);
            return "dropped: taking a write failed: " + e;
        }
    }

    private synchronized boolean enter(SocketChannel client) {
        current = client;
        return !closed;
    }
}
