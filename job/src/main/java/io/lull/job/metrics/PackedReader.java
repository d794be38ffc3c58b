package io.lull.job.metrics;

/** Reads what {@link PackedWriter} wrote; one reader serves all, one after the other. */
final class PackedReader {
    private byte[] bytes = {};
    private int length;
    private int position;

    /** Begins anew, with the first {@code packedLength} of {@code packed}. */
    void open(byte[] packed, int packedLength) {
        bytes = packed;
        length = packedLength;
        position = 0;
    }

    boolean hasNext() {
        return position < length;
    }

    int nextByte() {
        return bytes[position++] & 0xff;
    }

    int nextInt() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            value |= nextByte() << shift;
        }
        return value;
    }

    long nextUnsigned() {
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

    long nextSigned() {
        long value = nextUnsigned();
        return value >>> 1 ^ -(value & 1);
    }

    double nextSum() {
        long header = nextUnsigned();
        if ((header & 1) == 0) {
            return header >>> 1;
        }
        long low = nextInt() & 0xffff_ffffL;
        return Double.longBitsToDouble((long) nextInt() << Integer.SIZE | low);
    }
}
