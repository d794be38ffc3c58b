package io.lull.worker.ship;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.ProtocolException;
import io.lull.worker.protocol.Refused;
import io.lull.worker.protocol.Welcome;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** HELLO and its answer, on a connection that nobody else uses yet. */
final class Handshake {
    private Handshake() {}

    static Welcome run(SocketChannel channel, FrameReader reader, Hello hello) throws IOException {
        write(channel, hello.frame());
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

    static void write(SocketChannel channel, Frame frame) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(FrameHeader.BYTES);
        frame.header().encode(header);
        ByteBuffer[] parts = {header.flip(), frame.payload().duplicate()};
        while (parts[0].hasRemaining() || parts[1].hasRemaining()) {
            channel.write(parts);
        }
    }
}
