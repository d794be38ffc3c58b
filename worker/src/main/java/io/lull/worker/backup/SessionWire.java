package io.lull.worker.backup;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.ProtocolException;
import io.lull.worker.wire.Wire;
import java.io.IOException;
import java.util.Optional;

/** What a session's thread reads and writes on its connection, whose failures are told apart from faults of this side. */
final class SessionWire {
    private final Wire wire;
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

    SessionWire(Wire wire) {
        this.wire = wire;
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
        reader = Optional.of(new FrameReader(wire));
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
