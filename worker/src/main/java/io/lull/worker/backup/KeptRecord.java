package io.lull.worker.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * How a backup writes down what outlives its process, little-endian:
 *
 * <pre>
 *  0 u32 magic "LKPT"   4 u32 kind   8 u32 version   12 u32 body length   16 u32 CRC32C of bytes 4 to 15 and the body   20 body
 * </pre>
 */
final class KeptRecord {
    /** Of all kinds together: a worker reads no other. */
    static final int VERSION = 5;

    static final int HEAD_BYTES = 20;

    private static final int MAGIC = 'L' | 'K' << 8 | 'P' << 16 | 'T' << 24;
    private static final int CHECKED_FROM = 4;
    private static final int CRC_AT = 16;

    /** What a record is. */
    enum Kind {
        STATE(1),
        SEAL(2),
        TAG(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    private KeptRecord() {}

    /** The whole record, from position 0 to the limit. */
    static ByteBuffer encode(Kind kind, ByteBuffer body) {
        ByteBuffer record = ByteBuffer.allocate(HEAD_BYTES + body.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(MAGIC).putInt(kind.code).putInt(VERSION).putInt(body.remaining());
        record.position(HEAD_BYTES);
        record.put(body.duplicate()).flip();
        return record.putInt(CRC_AT, crc(record, HEAD_BYTES));
    }

    /**
     * The body of the record that begins at the buffer's position; what follows it is not looked at.
     *
     * @param where for the message
     */
    static ByteBuffer decode(Kind kind, ByteBuffer bytes, String where) throws UnreadableException {
        ByteBuffer record = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (record.limit() < HEAD_BYTES || record.getInt(0) != MAGIC || record.getInt(4) != kind.code) {
            throw new UnreadableException(where + " is none of a backup's");
        }
        if (record.getInt(8) != VERSION) {
            throw new UnreadableException(where + " has version " + Integer.toUnsignedString(record.getInt(8))
                    + ", this worker reads " + VERSION);
        }
        int length = record.getInt(12);
        if (length < 0 || length > record.limit() - HEAD_BYTES) {
            throw new UnreadableException(where + " claims " + Integer.toUnsignedString(length) + " bytes of "
                    + (record.limit() - HEAD_BYTES));
        }
        record.limit(HEAD_BYTES + length);
        if (record.getInt(CRC_AT) != crc(record, HEAD_BYTES)) {
            throw new UnreadableException(where + " is damaged: its CRC32C is another");
        }
        return record.slice(HEAD_BYTES, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int crc(ByteBuffer record, int bodyAt) {
        CRC32C crc = new CRC32C();
        crc.update(record.slice(CHECKED_FROM, CRC_AT - CHECKED_FROM));
        crc.update(record.slice(bodyAt, record.limit() - bodyAt));
        return (int) crc.getValue();
    }
}
