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

/** HELLO and its answer, on a connection that nobody else uses yet. */
final class Handshake {
    private Handshake() {}

    static Welcome run(Wire wire, FrameReader reader, Hello hello) throws IOException {
        wire.send(hello.frame());
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
