package io.lull.worker.wire;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One connection between a primary and a backup: a stream of bytes each way, and what the peer has proven.
 *
 * <p>{@link #handshake} first. Then one thread may read while another writes. Any thread may end a direction or close the
 * connection at any time, which frees both; no end waits for a write that hangs but {@link #endOutput}.
 */
public abstract class Wire implements ReadableByteChannel {
    private static final int DRAIN_BYTES = 1 << 16;

    private final SocketChannel socket;

    Wire(SocketChannel socket) {
        this.socket = socket;
    }

    final SocketChannel socket() {
        return socket;
    }

    /**
     * Has each side prove to the other who it is; nothing can be read or written before.
     *
     * @throws io.lull.worker.protocol.ProtocolException when the peer is not who it must be, or doesn't speak as it must
     */
    public abstract void handshake() throws IOException;

    /** What the peer has proven; empty before the handshake, and for good where the wire is plaintext. */
    public abstract Optional<PeerProof> proof();

    /**
     * Reads what is there, at least a byte.
     *
     * @return how many bytes, or -1 once the peer has ended its stream
     * @throws TruncatedException when the connection ends and the peer has not said that it should
     */
    @Override
    public abstract int read(ByteBuffer into) throws IOException;

    /**
     * Writes some of what remains in the parts, in order.
     *
     * @return how many of their bytes
     */
    public abstract long write(ByteBuffer[] parts) throws IOException;

    /** Ends this side's stream, in a way that the peer can tell from a broken connection. It can still be read from. */
    public abstract void endOutput() throws IOException;

    /** Writes a whole frame. */
    public final void send(Frame frame) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(FrameHeader.BYTES);
        frame.header().encode(header);
        ByteBuffer[] parts = {header.flip(), frame.payload().duplicate()};
        while (parts[0].hasRemaining() || parts[1].hasRemaining()) {
            write(parts);
        }
    }

    /** Nothing more is read from the peer: a read that waits returns, as if the connection had ended. */
    public final void endInput() throws IOException {
        socket.shutdownInput();
    }

    /** Reads and ignores what still comes, until the peer ends its stream too or for so long. */
    public final void drain(long limitNanos) throws IOException {
        long sinceNanos = System.nanoTime();
        socket.socket().setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(limitNanos)));
        byte[] ignored = new byte[DRAIN_BYTES];
        try {
            InputStream rest = socket.socket().getInputStream();
            while (rest.read(ignored) >= 0 && System.nanoTime() - sinceNanos < limitNanos) {
                // It means nothing any more.
            }
        } catch (SocketTimeoutException e) {
            // The peer keeps its stream open and silent: nothing is left to wait for.
            return;
        }
    }

    /** Closes the connection with a reset, which no peer can take for an end in good order. */
    public final void reset() throws IOException {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        socket.close();
    }

    /** What there is to show of it. */
    public final WireState state() {
        return WireState.of(String.valueOf(socket.socket().getRemoteSocketAddress()), proof());
    }

    @Override
    public final boolean isOpen() {
        return socket.isOpen();
    }

    /** Closes the connection at once: a thread in a read or a write gets an exception. */
    @Override
    public final void close() throws IOException {
        socket.close();
    }
}
