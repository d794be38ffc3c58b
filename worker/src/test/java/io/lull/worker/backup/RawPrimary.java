package io.lull.worker.backup;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Hello;
import io.lull.worker.wire.Wire;
import io.lull.worker.wire.Wiring;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;

/** A peer that writes whatever bytes a test wants. */
final class RawPrimary implements AutoCloseable {
    private final Wire wire;
    private final FrameReader reader;

    /** Over plaintext. */
    RawPrimary(InetSocketAddress backup) throws IOException {
        this(backup, Wiring.UNSAFE_PLAINTEXT);
    }

    RawPrimary(InetSocketAddress backup, Wiring wiring) throws IOException {
        this.wire = wiring.over(SocketChannel.open(backup));
        try {
            wire.handshake();
        } catch (IOException e) {
            wire.close();
            throw e;
        }
        this.reader = new FrameReader(wire);
    }

    /** Over plaintext, with a session in which epochs can be sent. */
    static RawPrimary inSession(InetSocketAddress backup, Hello hello) throws IOException {
        RawPrimary primary = new RawPrimary(backup);
        try {
            primary.send(hello.frame());
            primary.await(FrameType.WELCOME);
            primary.send(TestVm.LAYOUT.frame());
            primary.await(FrameType.HASHES);
            return primary;
        } catch (IOException e) {
            primary.close();
            throw e;
        }
    }

    static byte[] bytes(List<Frame> frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Frame frame : frames) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(FrameHeader.BYTES + frame.payload().remaining());
            frame.header().encode(bytes);
            bytes.put(frame.payload().duplicate());
            out.writeBytes(bytes.array());
        }
        return out.toByteArray();
    }

    void write(byte[] bytes, int from, int to) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, from, to - from);
        while (buffer.hasRemaining()) {
            wire.write(new ByteBuffer[] {buffer});
        }
    }

    void send(Frame frame) throws IOException {
        byte[] bytes = bytes(List.of(frame));
        write(bytes, 0, bytes.length);
    }

    void send(List<Frame> frames) throws IOException {
        for (Frame frame : frames) {
            send(frame);
        }
    }

    void endOfStream() throws IOException {
        wire.endOutput();
    }

    /** The next frame that is no heartbeat; empty at the end of the stream. */
    Optional<Frame> next() throws IOException {
        Optional<Frame> frame = reader.next();
        while (frame.isPresent() && frame.get().header().type() == FrameType.HEARTBEAT) {
            frame = reader.next();
        }
        return frame;
    }

    /** Reads on to a frame of this type. */
    Frame await(FrameType type) throws IOException {
        Frame frame = next().orElseThrow(() -> new IOException("stream ended before " + type));
        while (frame.header().type() != type) {
            frame = next().orElseThrow(() -> new IOException("stream ended before " + type));
        }
        return frame;
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
