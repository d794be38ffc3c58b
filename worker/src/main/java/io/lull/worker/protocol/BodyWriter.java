package io.lull.worker.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Puts a body together in a buffer of its own. */
final class BodyWriter {
    private final ByteBuffer out;

    BodyWriter(int maxBytes) {
        this.out = ByteBuffer.allocate(maxBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    BodyWriter u8(int value) {
        out.put((byte) value);
        return this;
    }

    BodyWriter i32(int value) {
        out.putInt(value);
        return this;
    }

    BodyWriter i64(long value) {
        out.putLong(value);
        return this;
    }

    BodyWriter text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) bytes.length).put(bytes);
        return this;
    }

    BodyWriter bytes(ByteBuffer value) {
        out.put(value.duplicate());
        return this;
    }

    ByteBuffer done() {
        return out.flip();
    }

    /** Refuses a text that is too long to travel. */
    static void checkText(String name, String value, int maxBytes) {
        int length = value.getBytes(StandardCharsets.UTF_8).length;
        if (length > maxBytes) {
            throw new IllegalArgumentException(name + " has " + length + " bytes, limit " + maxBytes);
        }
    }
}
