package io.lull.worker.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** Bytes as they are: anyone on their way can read and change them, and nobody is proven to be anyone. */
final class PlainWire extends Wire {
    PlainWire(SocketChannel socket) {
        super(socket);
    }

    @Override
    public void handshake() {
        // Nothing is proven.
    }

    @Override
    public Optional<PeerProof> proof() {
        return Optional.empty();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return socket().read(into);
    }

    @Override
    public long write(ByteBuffer[] parts) throws IOException {
        return socket().write(parts);
    }

    @Override
    public void endOutput() throws IOException {
        socket().shutdownOutput();
    }
}
