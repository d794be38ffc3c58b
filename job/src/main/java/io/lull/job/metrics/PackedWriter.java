package io.lull.job.metrics;

import java.util.Arrays;

/** Writes whole numbers in as few bytes as they need; one writer serves all that is packed, one after the other. */
final class PackedWriter {
    static final int SEVEN_BITS = 0x7f;
    static final int MORE = 0x80;

    /** Below this all whole numbers are doubles of their own. */
    private static final double WHOLE = 1L << 53;

    private static final int FIRST_BYTES = 256;
    private static final int LONGEST_NUMBER_BYTES = 10;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    void begin() {
        length = 0;
    }

    int length() {
        return length;
    }

    /** What was written since {@link #begin}. */
    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    void copyTo(byte[] target, int at) {
        System.arraycopy(bytes, 0, target, at, length);
    }

    void putByte(int value) {
        makeRoom();
        bytes[length++] = (byte) value;
    }

    void putInt(int value) {
        makeRoom();
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    /** A number that is small as an unsigned one: 7 bits a byte. */
    void putUnsigned(long value) {
        makeRoom();
        long rest = value;
        while ((rest & ~SEVEN_BITS) != 0) {
            bytes[length++] = (byte) ((int) rest & SEVEN_BITS | MORE);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** A number that is near 0 on either side. */
    void putSigned(long value) {
        putUnsigned(value << 1 ^ value >> 63);
    }

    /** A sum: mostly a whole number, and then not negative. */
    void putSum(double value) {
        long whole = (long) value;
        if (whole == value && whole >= 0 && value < WHOLE) {
            putUnsigned(whole << 1);
        } else {
            putByte(1);
            long bits = Double.doubleToRawLongBits(value);
            putInt((int) bits);
            putInt((int) (bits >>> Integer.SIZE));
        }
    }

    private void makeRoom() {
        if (bytes.length - length < LONGEST_NUMBER_BYTES) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
    }
}
