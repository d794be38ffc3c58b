package io.lull.job.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes values in as few bytes as they need; one writer serves all that is packed, one after the other. Not for
 * several threads.
 */
public final class PackedWriter {
    static final int SEVEN_BITS = 0x7f;
    static final int MORE = 0x80;

    /** Below this all whole numbers are doubles of their own. */
    private static final double WHOLE = 1L << 53;

    private static final int FIRST_BYTES = 256;
    private static final int LONGEST_NUMBER_BYTES = 10;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    /** Forgets what was written. */
    public void begin() {
        length = 0;
    }

    /** How many bytes were written since {@link #begin}. */
    public int length() {
        return length;
    }

    /** What was written since {@link #begin}. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** Copies what was written since {@link #begin} to {@code target}, from {@code at} on. */
    public void copyTo(byte[] target, int at) {
        System.arraycopy(bytes, 0, target, at, length);
    }

    /** Hands what was written since {@link #begin} to {@code target}. */
    void writeTo(DataOutputView target) throws IOException {
        target.write(bytes, 0, length);
    }

    /** The lowest eight bits. */
    public void putByte(int value) {
        makeRoom(1);
        bytes[length++] = (byte) value;
    }

    /** All four bytes of it. */
    public void putInt(int value) {
        makeRoom(Integer.BYTES);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    /** A number that is small as an unsigned one: 7 bits a byte. */
    public void putUnsigned(long value) {
        makeRoom(LONGEST_NUMBER_BYTES);
        long rest = value;
        while ((rest & ~SEVEN_BITS) != 0) {
            bytes[length++] = (byte) ((int) rest & SEVEN_BITS | MORE);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** A number that is near 0 on either side. */
    public void putSigned(long value) {
        putUnsigned(value << 1 ^ value >> 63);
    }

    /** A double: short where it is a whole number and not negative, as sums and what is not known yet mostly are. */
    public void putReal(double value) {
        long bits = Double.doubleToRawLongBits(value);
        long whole = (long) value;
        if (whole == value && whole >= 0 && value < WHOLE && bits >= 0) {
            putUnsigned(whole << 1);
        } else {
            putByte(1);
            putInt((int) bits);
            putInt((int) (bits >>> Integer.SIZE));
        }
    }

    /** Bytes as they are, after their number. */
    public void putBytes(byte[] value) {
        putUnsigned(value.length);
        makeRoom(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    /** Text as UTF-8. */
    public void putText(String text) {
        putBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void makeRoom(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
