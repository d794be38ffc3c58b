package io.lull.worker.protocol;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A header with its payload.
 *
 * @param payload from position to limit; the receiver of a frame must not keep it past the call that handed it over
 */
public record Frame(FrameHeader header, ByteBuffer payload) {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    public Frame {
        if (payload.remaining() != header.payloadBytes()) {
            throw new IllegalArgumentException(
                    "header says " + header.payloadBytes() + " payload bytes, there are " + payload.remaining());
        }
    }

    /** A frame that is no record, with its body. */
    public static Frame control(FrameType type, long epoch, ByteBuffer body) {
        return uncompressed(type, epoch, 0, body);
    }

    /** A frame that is no record and has no body. */
    public static Frame control(FrameType type, long epoch) {
        return uncompressed(type, epoch, 0, EMPTY.duplicate());
    }

    /** A record of an epoch whose body isn't compressed. */
    public static Frame uncompressed(FrameType type, long epoch, int sequence, ByteBuffer body) {
        int length = body.remaining();
        return new Frame(
                new FrameHeader(type, FrameHeader.CODEC_NONE, 0, epoch, sequence, length, length, crc32c(body)), body);
    }

    /** CRC32C of what remains in the buffer, whose position stays. */
    public static int crc32c(ByteBuffer body) {
        CRC32C crc = new CRC32C();
        crc.update(body.duplicate());
        return (int) crc.getValue();
    }
}
