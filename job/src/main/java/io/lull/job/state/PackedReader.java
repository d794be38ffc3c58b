package io.lull.job.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link PackedWriter} wrote; one reader serves all, one after the other. */
public final class PackedReader {
    private byte[] bytes = {};
    private int length;
    private int position;

    /** Begins anew, with the first {@code packedLength} of {@code packed}. */
    public void open(byte[] packed, int packedLength) {
        bytes = packed;
        length = packedLength;
        position = 0;
    }

    /** Whether anything is left. */
    public boolean hasNext() {
        return position < length;
    }

    /** A byte, 0 to 255. */
    public int nextByte() {
        return bytes[position++] & 0xff;
    }

    /** See {@link PackedWriter#putInt}. */
    public int nextInt() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            value |= nextByte() << shift;
        }
        return value;
    }

    /** See {@link PackedWriter#putUnsigned}. */
    public long nextUnsigned() {
        long value = 0;
        int shift = 0;
        int next = nextByte();
        while ((next & PackedWriter.MORE) != 0) {
            value |= (long) (next & PackedWriter.SEVEN_BITS) << shift;
            shift += 7;
            next = nextByte();
        }
        return value | (long) next << shift;
    }

    /** See {@link PackedWriter#putSigned}. */
    public long nextSigned() {
        long value = nextUnsigned();
        return value >>> 1 ^ -(value & 1);
    }

    /** See {@link PackedWriter#putReal}. */
    public double nextReal() {
        long header = nextUnsigned();
        if ((header & 1) == 0) {
            return header >>> 1;
        }
        long low = nextInt() & 0xffff_ffffL;
        return Double.longBitsToDouble((long) nextInt() << Integer.SIZE | low);
    }

    /** See {@link PackedWriter#putBytes}. */
    public byte[] nextBytes() {
        int count = (int) nextUnsigned();
        byte[] value = Arrays.copyOfRange(bytes, position, position + count);
        position += count;
        return value;
    }

    /** See {@link PackedWriter#putText}. */
    public String nextText() {
        int count = (int) nextUnsigned();
        String text = new String(bytes, position, count, StandardCharsets.UTF_8);
        position += count;
        return text;
    }
}
