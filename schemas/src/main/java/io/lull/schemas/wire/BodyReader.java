package io.lull.schemas.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads the parts of an Avro body in their order. What it does not take (cut off, out of range, or written in a way that
 * our own writers never write) ends in an {@link IllegalArgumentException} or {@link IndexOutOfBoundsException}, of
 * which it is for the caller to make something.
 */
final class BodyReader {
    private static final VarHandle REAL = MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int CONTINUES = 0x80;

    /** Longer numbers are left to Avro: the tenth byte has room for one more bit. */
    private static final int MOST_BITS = 63;

    private static final int MOST_INT_BYTES = 5;

    private final byte[] bytes;
    private final int end;
    private int position;

    /** Reads from {@code position} up to {@code end}. What it reads beyond that, it is for the caller to refuse. */
    BodyReader(byte[] bytes, int position, int end) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
    }

    boolean isAtEnd() {
        return position == end;
    }

    int position() {
        return position;
    }

    /** Passes over text or bytes, their length before them. */
    void skip() {
        pass(count());
    }

    /** Passes over so many bytes, of which {@link #count} has said that they are there. */
    void pass(int length) {
        position += length;
    }

    long number() {
        // The place stands in a variable: as a field it would be written for each byte.
        int at = position;
        int next = bytes[at++];
        if (next >= 0) {
            position = at;
            return next >>> 1 ^ -(next & 1L);
        }
        long value = next & 0x7f;
        int bits = 7;
        do {
            if (bits >= MOST_BITS) {
                throw new IllegalArgumentException("a number of ten bytes or more");
            }
            next = bytes[at++];
            value |= (long) (next & 0x7f) << bits;
            bits += 7;
        } while ((next & CONTINUES) != 0);
        position = at;
        return value >>> 1 ^ -(value & 1);
    }

    /** A number of the type int, or the index of a symbol. */
    int smallNumber() {
        int start = position;
        long value = number();
        if (value != (int) value || position - start > MOST_INT_BYTES) {
            throw new IllegalArgumentException("a number that is no int");
        }
        return (int) value;
    }

    /** How many items a block has, each of at least one byte; 0 ends the array. */
    int count() {
        int count = smallNumber();
        if (count < 0 || count > end - position) {
            throw new IllegalArgumentException("a block that does not fit");
        }
        return count;
    }

    boolean flag() {
        return oneOf(0, 1);
    }

    /** Which branch of a union of null and something else is taken; the number 1 is written as 2. */
    boolean isPresent() {
        return oneOf(0, 2);
    }

    private boolean oneOf(int no, int yes) {
        int value = bytes[position++];
        if (value != no && value != yes) {
            throw new IllegalArgumentException("neither yes nor no");
        }
        return value == yes;
    }

    double real() {
        double value = (double) REAL.get(bytes, position);
        position += Double.BYTES;
        return value;
    }

    <T> T name(NameCache<T> names) {
        int length = count();
        T name = names.of(bytes, position, length);
        position += length;
        return name;
    }
}
