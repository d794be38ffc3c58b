package io.lull.worker.backup;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.ProtocolException;
import io.lull.worker.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/** What a session's thread reads and writes on its connection, whose failures are told apart from faults of this side. */
final class SessionWire {
    private final Wire wire;
    private final Runnable onBytes;
    private Optional<FrameReader> reader = Optional.empty();

    /** The connection failed, not this side. */
    static final class ConnectionLost extends IOException {
        private static final long serialVersionUID = 1;

        ConnectionLost(IOException cause) {
            super(cause.toString(), cause);
        }
    }

    /** Something that is done on the connection. */
    private interface Step<T> {
        T take() throws IOException;
    }

    /** What the peer says, told as it comes and not by the frame. */
    private final class Heard implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer into) throws IOException {
            int bytes = wire.read(into);
            if (bytes > 0) {
                onBytes.run();
            }
            return bytes;
        }

        @Override
        public boolean isOpen() {
            return wire.isOpen();
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }

    /**
     * Nothing is proven or read yet.
     *
     * @param onBytes called by the thread that reads, whenever some bytes of a frame came
     */
    SessionWire(Wire wire, Runnable onBytes) {
        this.wire = wire;
        this.onBytes = onBytes;
    }

    /**
     * Has the peer prove who it is.
     *
     * @throws ProtocolException when it says what can't be
     * @throws ConnectionLost when the connection fails
     */
    void prove() throws IOException {
        onConnection(() -> {
            wire.handshake();
            return true;
        });
        // Not earlier: its buffer is for those who have proven who they are.
        reader = Optional.of(new FrameReader(new Heard()));
    }

    /** The next frame of a peer that has proven who it is; empty at the end of its stream. Errors as for {@link #prove}. */
    Optional<Frame> next() throws IOException {
        return onConnection(reader.orElseThrow()::next);
    }

    /** Writes a frame at once. Errors as for {@link #prove}. */
    void write(Frame frame) throws IOException {
        onConnection(() -> {
            wire.send(frame);
            return true;
        });
    }

    private static <T> T onConnection(Step<T> step) throws IOException {
        try {
            return step.take();
        } catch (ProtocolException e) {
            throw e;
        } catch (IOException e) {
            throw new ConnectionLost(e);
        }
    }
}
