package io.lull.worker.backup;

import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameType;
import java.nio.ByteBuffer;

/**
 * What stands before each record's body in a redo slot, little-endian:
 *
 * <pre>
 *  0 u32 sequence   4 u8 type   5 u8 pages   6 u16 0   8 u32 body length   12 u32 CRC32C of the body   16 u32 payload length   20 u32 0
 * </pre>
 *
 * @param type PAGES, DISK_WRITE or DISK_ZERO
 * @param sequence its place in the epoch
 * @param pages as in its frame
 * @param bodyBytes length of the body, which is uncompressed
 * @param crc32c of the body
 * @param payloadBytes length that it had on the wire
 */
record RedoHead(FrameType type, int sequence, int pages, int bodyBytes, int crc32c, int payloadBytes) {
    static final int BYTES = 24;

    private static final byte REST_UNUSED = (byte) 0xff;
    private static final FrameType[] TYPES = FrameType.values();

    static RedoHead of(FrameHeader header, int bodyBytes) {
        return new RedoHead(
                header.type(), header.sequence(), header.pages(), bodyBytes, header.crc32c(), header.payloadBytes());
    }

    /** Writes it to a little-endian buffer. */
    void put(ByteBuffer out, int at) {
        out.putInt(at, sequence)
                .putInt(at + 4, type.ordinal() | pages << 8)
                .putInt(at + 8, bodyBytes)
                .putInt(at + 12, crc32c)
                .putInt(at + 16, payloadBytes)
                .putInt(at + 20, 0);
    }

    /** Says that nothing follows in this piece of a slot. */
    static void putEnd(ByteBuffer out, int at) {
        out.put(at + 4, REST_UNUSED);
    }

    static boolean isEnd(ByteBuffer in, int at) {
        return in.get(at + 4) == REST_UNUSED;
    }

    static RedoHead decode(ByteBuffer in, int at, String where) throws UnreadableException {
        int type = in.get(at + 4) & 0xff;
        int sequence = in.getInt(at);
        int bodyBytes = in.getInt(at + 8);
        if (type >= TYPES.length
                || !TYPES[type].isRecord()
                || sequence < 0
                || sequence >= FrameHeader.MAX_RECORDS
                || bodyBytes < 0
                || bodyBytes > FrameHeader.MAX_BODY_BYTES) {
            throw new UnreadableException(where + " has no record where one should begin");
        }
        return new RedoHead(
                TYPES[type], sequence, in.get(at + 5) & 0xff, bodyBytes, in.getInt(at + 12), in.getInt(at + 16));
    }
}
