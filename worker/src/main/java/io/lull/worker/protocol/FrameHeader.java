package io.lull.worker.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The 32 bytes before each payload.
 *
 * @param type what follows
 * @param codec id of the compression of the payload as the page codec numbers them; {@link #CODEC_NONE} for all but PAGES
 * @param pages pages in the chunk of a PAGES frame, 0 in other frames
 * @param epoch the epoch that the frame belongs to or speaks of, 0 where it means nothing
 * @param sequence place of a record in its epoch, from 0; 0 for other frames
 * @param payloadBytes length of the payload on the wire
 * @param rawBytes length of the body once uncompressed
 * @param crc32c CRC32C of the uncompressed body
 */
public record FrameHeader(
        FrameType type, int codec, int pages, long epoch, int sequence, int payloadBytes, int rawBytes, int crc32c) {
    public static final int BYTES = 32;
    /** "LULL" as bytes. */
    public static final int MAGIC = 'L' | 'U' << 8 | 'L' << 16 | 'L' << 24;

    public static final int VERSION = 4;
    public static final int CODEC_NONE = 0;
    /** A chunk of 128 pages that all changed is about 522 KiB: the rest is head room. */
    public static final int MAX_BODY_BYTES = 640 << 10;
    /** No payload is longer: an encoder whose output would be sends the body uncompressed. */
    public static final int MAX_PAYLOAD_BYTES = MAX_BODY_BYTES;
    /** Most pages in a chunk. */
    public static final int MAX_CHUNK_PAGES = 128;
    /** Most records in an epoch. The first has the whole disk, in pieces of 256 KiB, and what is written meanwhile: 4 TiB. */
    public static final int MAX_RECORDS = 1 << 24;

    /** The first bytes of TLS: an alert or a handshake, and the major version. */
    private static final int TLS_ALERT = 21;

    private static final int TLS_HANDSHAKE = 22;
    private static final int TLS_MAJOR = 3;

    public FrameHeader {
        String wrong = fault(type, codec, pages, epoch, sequence, payloadBytes, rawBytes);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(wrong);
        }
    }

    /** Writes the 32 bytes at the buffer's position. */
    public void encode(ByteBuffer out) {
        ByteOrder before = out.order();
        out.order(ByteOrder.LITTLE_ENDIAN)
                .putInt(MAGIC)
                .put((byte) VERSION)
                .put((byte) type.code())
                .put((byte) codec)
                .put((byte) pages)
                .putLong(epoch)
                .putInt(sequence)
                .putInt(payloadBytes)
                .putInt(rawBytes)
                .putInt(crc32c)
                .order(before);
    }

    /** Reads 32 bytes from the buffer's position and checks each against its limit. */
    public static FrameHeader decode(ByteBuffer in) throws ProtocolException {
        int at = in.position();
        ByteBuffer bytes = in.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.getInt(at) != MAGIC) {
            throw new ProtocolException(
                    "not a frame: it starts with 0x" + Integer.toHexString(bytes.getInt(at)) + hint(in));
        }
        int version = bytes.get(at + 4) & 0xff;
        if (version != VERSION) {
            throw ProtocolException.otherVersion(version);
        }
        int code = bytes.get(at + 5) & 0xff;
        FrameType type = FrameType.of(code).orElseThrow(() -> new ProtocolException("unknown frame type " + code));
        int codec = bytes.get(at + 6) & 0xff;
        int pages = bytes.get(at + 7) & 0xff;
        long epoch = bytes.getLong(at + 8);
        int sequence = bytes.getInt(at + 16);
        int payloadBytes = bytes.getInt(at + 20);
        int rawBytes = bytes.getInt(at + 24);
        String wrong = fault(type, codec, pages, epoch, sequence, payloadBytes, rawBytes);
        if (!wrong.isEmpty()) {
            throw new ProtocolException(wrong);
        }
        in.position(at + BYTES);
        return new FrameHeader(type, codec, pages, epoch, sequence, payloadBytes, rawBytes, bytes.getInt(at + 28));
    }

    /** What else the bytes may be that are no frame, for an operator; empty when nothing comes to mind. */
    static String hint(ByteBuffer in) {
        int at = in.position();
        boolean tls = in.remaining() > 1
                && (in.get(at) == TLS_ALERT || in.get(at) == TLS_HANDSHAKE)
                && in.get(at + 1) == TLS_MAJOR;
        return tls ? ", which is TLS: give this side tls too, instead of unsafePlaintext" : "";
    }

    private static String fault(
            FrameType type, int codec, int pages, long epoch, int sequence, int payloadBytes, int rawBytes) {
        if (codec < 0 || codec > 255 || codec != CODEC_NONE && type != FrameType.PAGES) {
            return "codec " + codec + " in a " + type + " frame";
        }
        if (type == FrameType.PAGES ? pages < 1 || pages > MAX_CHUNK_PAGES : pages != 0) {
            return pages + " pages in a " + type + " frame";
        }
        if (epoch < 0 || epoch != 0 && !type.hasEpoch()) {
            return "epoch " + epoch + " in a " + type + " frame";
        }
        if (sequence < 0 || sequence >= MAX_RECORDS || sequence != 0 && !type.isRecord()) {
            return "sequence " + Integer.toUnsignedString(sequence) + " in a " + type + " frame, limit " + MAX_RECORDS;
        }
        if (payloadBytes < 0 || payloadBytes > type.maxBodyBytes()) {
            return "payload of " + Integer.toUnsignedString(payloadBytes) + " bytes in a " + type + " frame, limit "
                    + type.maxBodyBytes();
        }
        if (rawBytes < 0 || rawBytes > type.maxBodyBytes() || codec == CODEC_NONE && rawBytes != payloadBytes) {
            return "raw length " + Integer.toUnsignedString(rawBytes) + " in a " + type + " frame with a payload of "
                    + payloadBytes + " bytes and codec " + codec;
        }
        return "";
    }
}
