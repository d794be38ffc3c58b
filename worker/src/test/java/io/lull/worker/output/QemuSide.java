package io.lull.worker.output;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Plays QEMU's part: listens on the three sockets, sends the guest's frames, takes them back. */
final class QemuSide implements Closeable, GateListener {
    final GateSockets sockets;
    final List<String> losses = new ArrayList<>();
    private final List<Closeable> open = new ArrayList<>();
    private final ServerSocketChannel outServer;
    private final ServerSocketChannel inServer;
    private final ServerSocketChannel mirrorServer;

    /** Made by {@link #connect}. */
    record Ends(RedirectorGate gate, SocketChannel out, SocketChannel in, SocketChannel mirror) {}

    QemuSide(Path directory) throws IOException {
        sockets = new GateSockets(
                directory.resolve("out"), directory.resolve("in"), Optional.of(directory.resolve("mirror")));
        outServer = listen(directory.resolve("out"));
        inServer = listen(directory.resolve("in"));
        mirrorServer = listen(directory.resolve("mirror"));
    }

    Ends connect(long maxHeldBytes, FrameTap tap, LongSupplier nanoClock) throws IOException {
        RedirectorGate gate = RedirectorGate.connect(sockets, new GateConfig(true, maxHeldBytes), this, tap, nanoClock);
        open.add(gate);
        Ends ends = new Ends(gate, outServer.accept(), inServer.accept(), mirrorServer.accept());
        open.addAll(List.of(ends.out(), ends.in(), ends.mirror()));
        return ends;
    }

    Ends connect() throws IOException {
        return connect(GateConfig.DEFAULT_MAX_HELD_BYTES, FrameTap.NONE, System::nanoTime);
    }

    static void send(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Reads exactly so many bytes. */
    static byte[] receive(SocketChannel channel, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the gate closed after " + buffer.position() + " of " + bytes + " bytes");
            }
        }
        return buffer.array();
    }

    @Override
    public synchronized void onGateLost(String reason) {
        losses.add(reason);
    }

    synchronized List<String> losses() {
        return List.copyOf(losses);
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : open) {
            each.close();
        }
    }

    private ServerSocketChannel listen(Path path) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        open.add(server);
        return server.bind(UnixDomainSocketAddress.of(path));
    }
}
