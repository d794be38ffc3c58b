package io.lull.worker.protocol;

import java.nio.ByteBuffer;

/**
 * A piece of a disk write.
 *
 * @param offsetBytes where on the disk
 * @param data what was written, 1 byte to 256 KiB; a view that lives as long as the body
 */
public record DiskWrite(long offsetBytes, ByteBuffer data) {
    public static final int MAX_DATA_BYTES = 256 << 10;
    static final int HEAD_BYTES = 8;

    public DiskWrite {
        int length = data.remaining();
        if (offsetBytes < 0 || length == 0 || length > MAX_DATA_BYTES || offsetBytes > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("disk write of " + length + " bytes at " + offsetBytes);
        }
    }

    public Frame frame(long epoch, int sequence) {
        return Frame.uncompressed(FrameType.DISK_WRITE, epoch, sequence, encode());
    }

    ByteBuffer encode() {
        return new BodyWriter(HEAD_BYTES + data.remaining())
                .i64(offsetBytes)
                .bytes(data)
                .done();
    }

    public static DiskWrite decode(ByteBuffer body) throws ProtocolException {
        BodyReader in = new BodyReader(FrameType.DISK_WRITE, body);
        long offsetBytes = in.size("offset");
        try {
            return new DiskWrite(offsetBytes, in.rest());
        } catch (IllegalArgumentException e) {
            throw in.fault(String.valueOf(e.getMessage()));
        }
    }
}
