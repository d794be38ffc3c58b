package io.lull.bench.pages;

import java.nio.ByteBuffer;

/**
 * QEMU's XBZRLE, written in Java from its documentation for comparison only: a page as alternating runs of bytes that did
 * not change and bytes that did. Compares eight bytes at a time, as QEMU's plain C does.
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

    private static final int MAX_LENGTH_BYTES = 2;

    private Xbzrle() {}

    /** Encodes to the beginning of {@code out}; returns the bytes, 0 for an unchanged page, or {@link #OVERFLOW}. */
    static int encode(ByteBuffer before, ByteBuffer now, ByteBuffer out) {
        int size = now.capacity();
        int limit = out.capacity();
        int at = 0;
        int written = 0;
        while (at < size) {
            int run = equalRun(before, now, at);
            if (at + run == size) {
                return written;
            }
            if (written + MAX_LENGTH_BYTES > limit) {
                return OVERFLOW;
            }
            written = putLength(out, written, run);
            at += run;
            int changed = changedRun(before, now, at);
            if (written + MAX_LENGTH_BYTES + changed > limit) {
                return OVERFLOW;
            }
            written = putLength(out, written, changed);
            out.put(written, now, at, changed);
            written += changed;
            at += changed;
        }
        return written;
    }

    /** Brings a page up to date. */
    static void decode(ByteBuffer encoded, int length, ByteBuffer page) {
        int from = 0;
        int at = 0;
        while (from < length) {
            int[] skip = getLength(encoded, from);
            int[] copy = getLength(encoded, skip[1]);
            at += skip[0];
            page.put(at, encoded, copy[1], copy[0]);
            at += copy[0];
            from = copy[1] + copy[0];
        }
    }

    private static int equalRun(ByteBuffer before, ByteBuffer now, int from) {
        int at = from;
        int size = now.capacity();
        while (at + Long.BYTES <= size && before.getLong(at) == now.getLong(at)) {
            at += Long.BYTES;
        }
        while (at < size && before.get(at) == now.get(at)) {
            at++;
        }
        return at - from;
    }

    private static int changedRun(ByteBuffer before, ByteBuffer now, int from) {
        int at = from;
        int size = now.capacity();
        while (at + Long.BYTES <= size && !hasZeroByte(before.getLong(at) ^ now.getLong(at))) {
            at += Long.BYTES;
        }
        while (at < size && before.get(at) != now.get(at)) {
            at++;
        }
        return at - from;
    }

    /** Mycroft's test, as QEMU has it: eight changed bytes at a time. */
    private static boolean hasZeroByte(long word) {
        return (word - 0x0101010101010101L & ~word & 0x8080808080808080L) != 0;
    }

    private static int putLength(ByteBuffer out, int at, int length) {
        int next = at;
        if (length > 0x7F) {
            out.put(next++, (byte) (length & 0x7F | 0x80));
        }
        out.put(next++, (byte) (length > 0x7F ? length >>> 7 : length));
        return next;
    }

    private static int[] getLength(ByteBuffer in, int at) {
        int low = in.get(at) & 0xFF;
        return low < 0x80 ? new int[] {low, at + 1} : new int[] {low & 0x7F | in.get(at + 1) << 7, at + 2};
    }
}
