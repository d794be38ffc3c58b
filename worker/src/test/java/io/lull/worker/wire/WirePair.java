package io.lull.worker.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Both ends of one connection over loopback. */
final class WirePair implements AutoCloseable {
    /** A thread for each task: what waits for the other side must not wait for a pool. */
    static final Executor ASIDE = task -> {
        Thread thread = new Thread(task, "wire-test");
        thread.setDaemon(true);
        thread.start();
    };

    private static final long LIMIT_SECONDS = 20;

    final Wire primary;
    final Wire backup;

    private WirePair(Wire primary, Wire backup) {
        this.primary = primary;
        this.backup = backup;
    }

    /** Connected, and nothing said yet. */
    static WirePair connected(Wiring primary, Wiring backup) throws IOException {
        try (ServerSocketChannel server = listening()) {
            SocketChannel near = SocketChannel.open(server.getLocalAddress());
            return new WirePair(primary.over(near), backup.over(server.accept()));
        }
    }

    /** Connected, and each side knows the other. */
    static WirePair proven(Wired wired) throws Exception {
        WirePair pair = connected(wired.primary(), wired.backup());
        pair.prove();
        return pair;
    }

    static ServerSocketChannel listening() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    void prove() throws Exception {
        CompletableFuture<Void> other = handshake(backup);
        primary.handshake();
        other.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** A handshake on a thread of its own; whatever comes of it, a failed side closes its connection. */
    static CompletableFuture<Void> handshake(Wire wire) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        wire.handshake();
                    } catch (IOException e) {
                        closeQuietly(wire);
                        throw new CompletionException(e);
                    }
                },
                ASIDE);
    }

    private static void closeQuietly(Wire wire) {
        try {
            wire.close();
        } catch (IOException e) {
            throw new AssertionError("closing a socket does not fail", e);
        }
    }

    @Override
    public void close() throws IOException {
        primary.close();
        backup.close();
    }
}
