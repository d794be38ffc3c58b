package io.lull.worker.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Takes a body apart, and turns every overrun into a {@link ProtocolException}. */
final class BodyReader {
    private final String what;
    private final ByteBuffer in;

    BodyReader(FrameType type, ByteBuffer body) {
        this.what = type.name();
        this.in = body.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    int u8() throws ProtocolException {
        need(1);
        return in.get() & 0xff;
    }

    int u16() throws ProtocolException {
        need(2);
        return in.getShort() & 0xffff;
    }

    int i32() throws ProtocolException {
        need(4);
        return in.getInt();
    }

    long i64() throws ProtocolException {
        need(8);
        return in.getLong();
    }

    /** A count, size or offset: a negative one is refused. */
    int count(String name, int max) throws ProtocolException {
        int value = i32();
        if (value < 0 || value > max) {
            throw fault(name + " " + Integer.toUnsignedString(value) + " is above " + max);
        }
        return value;
    }

    long size(String name) throws ProtocolException {
        long value = i64();
        if (value < 0) {
            throw fault(name + " " + Long.toUnsignedString(value) + " is out of range");
        }
        return value;
    }

    String text(int maxBytes) throws ProtocolException {
        int length = u16();
        if (length > maxBytes) {
            throw fault("a text of " + length + " bytes, limit " + maxBytes);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes(length)).toString();
        } catch (CharacterCodingException e) {
            throw fault("a text that is not UTF-8");
        }
    }

    /** A view of the next bytes, not a copy. */
    ByteBuffer bytes(int length) throws ProtocolException {
        need(length);
        ByteBuffer view = in.slice(in.position(), length);
        in.position(in.position() + length);
        return view;
    }

    ByteBuffer rest() throws ProtocolException {
        return bytes(in.remaining());
    }

    int remaining() {
        return in.remaining();
    }

    void end() throws ProtocolException {
        if (in.hasRemaining()) {
            throw fault(in.remaining() + " bytes too many");
        }
    }

    ProtocolException fault(String message) {
        return new ProtocolException(what + " frame: " + message);
    }

    private void need(int bytes) throws ProtocolException {
        if (bytes > in.remaining()) {
            throw fault("too short, " + in.remaining() + " bytes left of " + bytes);
        }
    }
}
