package io.lull.worker.protocol;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/** Cuts a byte stream into frames, through one buffer of fixed size. For one thread. */
public final class FrameReader {
    /** Holds the largest frame and lets one read fetch many small ones. */
    private static final int BUFFER_BYTES = 2 * (FrameHeader.BYTES + FrameHeader.MAX_PAYLOAD_BYTES);

    private final ReadableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();

    public FrameReader(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the next frame; its payload is valid until the next call.
     *
     * @return empty when the stream ends between two frames
     * @throws ProtocolException when the bytes are no frame
     * @throws EOFException when the stream ends inside a frame
     */
    public Optional<Frame> next() throws IOException {
        if (!fill(FrameHeader.BYTES)) {
            return Optional.empty();
        }
        FrameHeader header = FrameHeader.decode(buffer);
        if (!fill(header.payloadBytes())) {
            throw new EOFException("stream ends inside a " + header.type() + " frame");
        }
        ByteBuffer payload = buffer.slice(buffer.position(), header.payloadBytes());
        buffer.position(buffer.position() + header.payloadBytes());
        return Optional.of(new Frame(header, payload));
    }

    /** Makes {@code bytes} available; false when the stream ended and none is. */
    private boolean fill(int bytes) throws IOException {
        if (buffer.capacity() - buffer.position() < bytes) {
            buffer.compact().flip();
        }
        while (buffer.remaining() < bytes) {
            int end = buffer.limit();
            ByteBuffer free = buffer.duplicate().limit(buffer.capacity()).position(end);
            if (channel.read(free) < 0) {
                if (buffer.hasRemaining()) {
                    throw new EOFException("stream ends inside a frame" + FrameHeader.hint(buffer));
                }
                return false;
            }
            buffer.limit(free.position());
        }
        return true;
    }

    /** Checks the CRC of a frame that isn't compressed; a compressed one is checked once it is unpacked. */
    public static void checkCrc(Frame frame) throws ProtocolException {
        checkCrc(frame.header(), frame.payload());
    }

    /** Checks the CRC of an uncompressed body against its header. */
    public static void checkCrc(FrameHeader header, ByteBuffer body) throws ProtocolException {
        int actual = Frame.crc32c(body);
        if (actual != header.crc32c()) {
            throw new ProtocolException(header.type() + " frame " + header.sequence() + " of epoch " + header.epoch()
                    + ": CRC32C is " + Integer.toHexString(actual) + ", header says "
                    + Integer.toHexString(header.crc32c()));
        }
    }
}
