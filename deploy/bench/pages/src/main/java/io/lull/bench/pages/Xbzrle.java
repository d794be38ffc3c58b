package io.lull.bench.pages;

import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import java.lang.reflect.Field;
import sun.misc.Unsafe;

/**
 * QEMU's XBZRLE, written in Java from its documentation for comparison only: a page as alternating runs of bytes that did
 * not change and bytes that did. Compares eight bytes at a time, as QEMU's plain C does, by raw
 * reads and writes as the worker's own kernel does: little-endian hosts only.
 *
 * <pre>
 *   page  = (zrun nzrun)*            ends at the last changed byte
 *   zrun  = length                   unchanged bytes, 0 or more
 *   nzrun = length byte+             changed bytes, 1 or more, then their new values
 *   length: unsigned LEB128
 * </pre>
 *
 * A short run of unchanged bytes ends a changed run, whatever it costs, as it does in QEMU. A page that would not become
 * smaller is sent whole.
 */
final class Xbzrle {
    /** The answer for a page that would not fit. */
    static final int OVERFLOW = -1;

    private static final int SIZE = PageMemory.PAGE_BYTES;
    private static final int MAX_LENGTH_BYTES = 2;
    private static final Unsafe UNSAFE = unsafe();

    private Xbzrle() {}

    /** Encodes a page to the page at {@code out}; returns the bytes, 0 for an unchanged page, or {@link #OVERFLOW}. */
    static int encode(long before, long now, long out) {
        int at = 0;
        int written = 0;
        while (at < SIZE) {
            int run = equalRun(before, now, at);
            if (at + run == SIZE) {
                return written;
            }
            if (written + MAX_LENGTH_BYTES > SIZE) {
                return OVERFLOW;
            }
            written = putLength(out, written, run);
            at += run;
            int changed = changedRun(before, now, at);
            if (written + MAX_LENGTH_BYTES + changed > SIZE) {
                return OVERFLOW;
            }
            written = putLength(out, written, changed);
            OffHeap.copy(now + at, out + written, changed);
            written += changed;
            at += changed;
        }
        return written;
    }

    /** Brings a page up to date. */
    static void decode(long encoded, int length, long page) {
        int from = 0;
        int at = 0;
        while (from < length) {
            int[] skip = getLength(encoded, from);
            int[] copy = getLength(encoded, skip[1]);
            at += skip[0];
            OffHeap.copy(encoded + copy[1], page + at, copy[0]);
            at += copy[0];
            from = copy[1] + copy[0];
        }
    }

    private static int equalRun(long before, long now, int from) {
        int at = from;
        for (; at + Long.BYTES <= SIZE; at += Long.BYTES) {
            long differs = UNSAFE.getLong(before + at) ^ UNSAFE.getLong(now + at);
            if (differs != 0) {
                return at - from + firstByte(differs);
            }
        }
        while (at < SIZE && UNSAFE.getByte(before + at) == UNSAFE.getByte(now + at)) {
            at++;
        }
        return at - from;
    }

    private static int changedRun(long before, long now, int from) {
        int at = from;
        for (; at + Long.BYTES <= SIZE; at += Long.BYTES) {
            long equal = zeroBytes(UNSAFE.getLong(before + at) ^ UNSAFE.getLong(now + at));
            if (equal != 0) {
                return at - from + firstByte(equal);
            }
        }
        while (at < SIZE && UNSAFE.getByte(before + at) != UNSAFE.getByte(now + at)) {
            at++;
        }
        return at - from;
    }

    /** Mycroft's test: the lowest bit that is set is in the first byte that is zero. */
    private static long zeroBytes(long word) {
        return word - 0x0101010101010101L & ~word & 0x8080808080808080L;
    }

    private static int firstByte(long bits) {
        return Long.numberOfTrailingZeros(bits) / Byte.SIZE;
    }

    private static int putLength(long out, int at, int length) {
        int next = at;
        if (length > 0x7F) {
            UNSAFE.putByte(out + next++, (byte) (length & 0x7F | 0x80));
        }
        UNSAFE.putByte(out + next++, (byte) (length > 0x7F ? length >>> 7 : length));
        return next;
    }

    private static int[] getLength(long in, int at) {
        int low = UNSAFE.getByte(in + at) & 0xFF;
        return low < 0x80 ? new int[] {low, at + 1} : new int[] {low & 0x7F | UNSAFE.getByte(in + at + 1) << 7, at + 2};
    }

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
