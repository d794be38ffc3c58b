package io.lull.worker.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Writes the body of a {@link KeptRecord}; {@link KeptReader} reads it. */
final class KeptWriter {
    private final ByteBuffer out;

    KeptWriter(int maxBytes) {
        out = ByteBuffer.allocate(maxBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    KeptWriter flag(boolean value) {
        out.put((byte) (value ? 1 : 0));
        return this;
    }

    KeptWriter i32(int value) {
        out.putInt(value);
        return this;
    }

    KeptWriter i64(long value) {
        out.putLong(value);
        return this;
    }

    KeptWriter id(UUID value) {
        return i64(value.getMostSignificantBits()).i64(value.getLeastSignificantBits());
    }

    KeptWriter id(Optional<UUID> value) {
        flag(value.isPresent());
        value.ifPresent(this::id);
        return this;
    }

    KeptWriter i64(OptionalLong value) {
        flag(value.isPresent());
        value.ifPresent(this::i64);
        return this;
    }

    KeptWriter text(String value) {
        return bytes(ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }

    KeptWriter text(Optional<String> value) {
        flag(value.isPresent());
        value.ifPresent(this::text);
        return this;
    }

    /** With their number before them. */
    KeptWriter bytes(ByteBuffer value) {
        i32(value.remaining());
        out.put(value.duplicate());
        return this;
    }

    ByteBuffer done() {
        return out.flip();
    }
}
