package io.lull.worker.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Reads the body of a {@link KeptRecord} that a {@link KeptWriter} wrote. */
final class KeptReader {
    private final ByteBuffer in;
    private final String where;

    /**
     * At the body's begin.
     *
     * @param where for messages
     */
    KeptReader(ByteBuffer body, String where) {
        this.in = body.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.where = where;
    }

    boolean flag() throws UnreadableException {
        need(1);
        return in.get() != 0;
    }

    int i32() throws UnreadableException {
        need(Integer.BYTES);
        return in.getInt();
    }

    long i64() throws UnreadableException {
        need(Long.BYTES);
        return in.getLong();
    }

    UUID id() throws UnreadableException {
        return new UUID(i64(), i64());
    }

    Optional<UUID> maybeId() throws UnreadableException {
        return flag() ? Optional.of(id()) : Optional.empty();
    }

    OptionalLong maybeI64() throws UnreadableException {
        return flag() ? OptionalLong.of(i64()) : OptionalLong.empty();
    }

    String text() throws UnreadableException {
        return StandardCharsets.UTF_8.decode(bytes()).toString();
    }

    Optional<String> maybeText() throws UnreadableException {
        return flag() ? Optional.of(text()) : Optional.empty();
    }

    /** A view. */
    ByteBuffer bytes() throws UnreadableException {
        int length = i32();
        need(length);
        ByteBuffer view = in.slice(in.position(), length);
        in.position(in.position() + length);
        return view;
    }

    /** All was read. */
    void end() throws UnreadableException {
        if (in.hasRemaining()) {
            throw new UnreadableException(where + " has " + in.remaining() + " bytes that mean nothing");
        }
    }

    private void need(int bytes) throws UnreadableException {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new UnreadableException(where + " ends too early");
        }
    }
}
