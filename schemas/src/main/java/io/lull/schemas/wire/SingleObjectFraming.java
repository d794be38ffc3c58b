package io.lull.schemas.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Avro's single-object encoding: the bytes C3 01, then the CRC-64-AVRO fingerprint of the writer's schema in little
 * endian. It knows the released schemas and the current one; any other fingerprint is refused.
 */
public final class SingleObjectFraming implements Framing {
    private static final int HEADER_BYTES = 10;
    private static final byte MARKER_0 = (byte) 0xC3;
    private static final byte MARKER_1 = 0x01;

    private final Schema current;
    private final Map<Long, Framed> known = new HashMap<>();

    public SingleObjectFraming(Schema current, List<Schema> released) {
        this.current = current;
        for (Schema schema : released) {
            known.put(fingerprint(schema), new Framed(schema, HEADER_BYTES));
        }
        known.put(fingerprint(current), new Framed(current, HEADER_BYTES));
    }

    @Override
    public byte[] header() {
        return ByteBuffer.allocate(HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MARKER_0)
                .put(MARKER_1)
                .putLong(fingerprint(current))
                .array();
    }

    @Override
    public Framed read(byte[] bytes) throws BadRecordException {
        if (bytes.length < HEADER_BYTES) {
            throw bad("needs " + HEADER_BYTES + " bytes, the record has " + bytes.length);
        }
        if (bytes[0] != MARKER_0 || bytes[1] != MARKER_1) {
            throw bad(String.format("begins with %02x %02x instead of c3 01", bytes[0], bytes[1]));
        }
        long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
        Framed framed = known.get(fingerprint);
        if (framed == null) {
            throw bad(String.format(
                    "schema fingerprint %016x is not among the %d known; its writer may be newer than this reader",
                    fingerprint, known.size()));
        }
        return framed;
    }

    private BadRecordException bad(String what) {
        return new BadRecordException(current.getName() + " header", what, null);
    }

    private static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }
}
