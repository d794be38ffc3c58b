package io.lull.worker.ship;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.ProtocolException;
import io.lull.worker.protocol.Refused;
import io.lull.worker.protocol.Welcome;
import io.lull.worker.wire.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/** HELLO and its answer, on a connection that nobody else uses yet. */
final class Handshake {
    private static final String LOOK_THERE =
            "; see the backup's log: it may not accept this host ('primaries' in its configuration)";

    private Handshake() {}

    /**
     * Has the backup greet this primary.
     *
     * @throws RefusedException when it doesn't accept this primary, and says why
     * @throws IOException when it ends the connection instead, as it does with one that it doesn't know
     */
    static Welcome run(Wire wire, FrameReader reader, Hello hello) throws IOException {
        try {
            wire.send(hello.frame());
            return answer(reader);
        } catch (RefusedException | ProtocolException | ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            // Who isn't on the backup's list is told nothing by it, and sees no more than an end or a reset.
            throw new IOException(e.getMessage() + LOOK_THERE, e);
        }
    }

    private static Welcome answer(FrameReader reader) throws IOException {
        while (true) {
            Frame frame = reader.next().orElseThrow(() -> new EOFException("backup closed during the handshake"));
            FrameReader.checkCrc(frame);
            FrameType type = frame.header().type();
            if (type == FrameType.WELCOME) {
                return Welcome.decode(frame.payload());
            }
            if (type == FrameType.REFUSED) {
                throw new RefusedException(Refused.decode(frame.payload()));
            }
            if (type != FrameType.HEARTBEAT) {
                throw new ProtocolException("backup answers HELLO with " + type);
            }
        }
    }
}
