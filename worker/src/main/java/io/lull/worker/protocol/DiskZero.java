package io.lull.worker.protocol;

import java.nio.ByteBuffer;

/**
 * A range of the disk that now reads as zeros.
 *
 * @param offsetBytes where on the disk
 * @param lengthBytes how much, positive
 */
public record DiskZero(long offsetBytes, long lengthBytes) {
    static final int BYTES = 16;

    public DiskZero {
        if (offsetBytes < 0 || lengthBytes <= 0 || offsetBytes > Long.MAX_VALUE - lengthBytes) {
            throw new IllegalArgumentException("zeroed disk range of " + lengthBytes + " bytes at " + offsetBytes);
        }
    }

    public Frame frame(long epoch, int sequence) {
        return Frame.uncompressed(FrameType.DISK_ZERO, epoch, sequence, encode());
    }

    ByteBuffer encode() {
        return new BodyWriter(BYTES).i64(offsetBytes).i64(lengthBytes).done();
    }

    public static DiskZero decode(ByteBuffer body) throws ProtocolException {
        BodyReader in = new BodyReader(FrameType.DISK_ZERO, body);
        long offsetBytes = in.size("offset");
        long lengthBytes = in.size("length");
        in.end();
        try {
            return new DiskZero(offsetBytes, lengthBytes);
        } catch (IllegalArgumentException e) {
            throw in.fault(String.valueOf(e.getMessage()));
        }
    }
}
