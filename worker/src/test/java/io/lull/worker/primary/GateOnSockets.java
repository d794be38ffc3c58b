package io.lull.worker.primary;

import io.lull.worker.output.FrameTap;
import io.lull.worker.output.GateConfig;
import io.lull.worker.output.GateSockets;
import io.lull.worker.output.OutputGate;
import io.lull.worker.output.RedirectorGate;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gate as a worker has it, with the test where QEMU's filters would be: a guest that sends frames, and nobody who reads them. */
final class GateOnSockets implements AutoCloseable {
    private static final int FRAME_BYTES = 60;
    private static final int MAX_HELD_BYTES = 1 << 20;

    private final List<String> lost = new CopyOnWriteArrayList<>();
    private final ServerSocketChannel outServer;
    private final ServerSocketChannel inServer;
    private final OutputGate gate;
    private final SocketChannel guest;

    GateOnSockets(Path folder) throws IOException {
        GateSockets sockets = new GateSockets(folder.resolve("out"), folder.resolve("in"), Optional.empty());
        outServer = listen(sockets.out());
        inServer = listen(sockets.in());
        gate = RedirectorGate.connect(
                sockets, new GateConfig(false, MAX_HELD_BYTES), lost::add, FrameTap.NONE, System::nanoTime);
        guest = outServer.accept();
    }

    private static ServerSocketChannel listen(Path socket) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }

    OutputGate gate() {
        return gate;
    }

    /** Why the gate was lost, if it was. */
    List<String> lost() {
        return lost;
    }

    /** The guest sends one frame. */
    void send() throws IOException {
        guest.write(ByteBuffer.allocate(Integer.BYTES + FRAME_BYTES)
                .putInt(FRAME_BYTES)
                .rewind());
    }

    @Override
    public void close() throws IOException {
        gate.close();
        guest.close();
        outServer.close();
        inServer.close();
    }
}
