package io.lull.bench.fuzz.parser;

import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/**
 * A connection that hands out an input in pieces, as a network does, and swallows what is written to it. The pieces
 * depend on the input alone, so that an input that was found repeats what it did.
 */
final class InputChannel implements ByteChannel {
    private static final int SMALL_PIECE = 24;
    private static final int ONE_IN = 4;

    private final byte[] input;
    private final SplittableRandom random;
    private final boolean inPieces;
    private final Pauses pauses;
    private int position;
    private int pauseAt;

    /** Where a peer says nothing more until it is answered: a read ends there, whatever its room. */
    @FunctionalInterface
    interface Pauses {
        /** The next such place behind {@code from}; the input's length where there is none. */
        int after(byte[] input, int from);
    }

    InputChannel(byte[] input) {
        this(input, (bytes, from) -> bytes.length);
    }

    InputChannel(byte[] input, Pauses pauses) {
        CRC32 crc = new CRC32();
        crc.update(input);
        this.input = input;
        this.pauses = pauses;
        this.random = new SplittableRandom(crc.getValue());
        this.inPieces = random.nextInt(ONE_IN) == 0;
    }

    @Override
    public int read(ByteBuffer into) {
        if (position == input.length) {
            return -1;
        }
        if (position >= pauseAt) {
            pauseAt = Math.min(input.length, pauses.after(input, position));
        }
        int length = Math.min(into.remaining(), pauseAt - position);
        if (inPieces && length > 1) {
            length = 1 + random.nextInt(Math.min(length, SMALL_PIECE));
        }
        into.put(input, position, length);
        position += length;
        return length;
    }

    @Override
    public int write(ByteBuffer from) {
        int length = from.remaining();
        from.position(from.limit());
        return length;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
