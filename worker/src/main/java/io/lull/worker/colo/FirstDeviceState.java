package io.lull.worker.colo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * Finds the end of the first device state, which has no length.
 *
 * <p>QEMU sends nothing after the JSON description of the state until it hears CHECKPOINT_READY, so the end is where a
 * description begins whose announced length ends exactly at what has arrived. Each byte is looked at once, however small
 * the pieces are in which they come.
 */
final class FirstDeviceState {
    /** More than any device state and description seen (about 120 KiB). */
    private static final int MAX_BYTES = 16 << 20;

    private static final int FIRST_BYTES = 64 << 10;
    private static final byte[] DESCRIPTION_START = "{\"page_size\"".getBytes(StandardCharsets.US_ASCII);
    /** The end of what was before, the description's section, and its length. */
    private static final int BEFORE_BYTES = 6;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;
    private int looked = BEFORE_BYTES;
    /** Where descriptions end that begin at places that were looked at; each costs the peer as many bytes as it does here. */
    private final PriorityQueue<Integer> ends = new PriorityQueue<>();

    /** Reads up to its end. */
    void skip(StreamReader in) throws IOException {
        boolean whole = false;
        while (!whole) {
            whole = take(in.bytes(in.available()));
        }
    }

    /** Takes what came next; whether all of it ends with a whole description. */
    boolean take(byte[] more) throws ColoStreamException {
        if (more.length > MAX_BYTES - length) {
            throw new ColoStreamException("QEMU's first device state does not end within " + MAX_BYTES
                    + " bytes: is the machine option suppress-vmdesc set?");
        }
        if (length + more.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more.length));
        }
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        for (; looked + DESCRIPTION_START.length <= length; looked++) {
            if (beginsAt(looked)) {
                note((long) looked + u32(looked - Integer.BYTES));
            }
        }
        while (!ends.isEmpty() && ends.element() < length) {
            ends.remove();
        }
        return !ends.isEmpty() && ends.element() == length;
    }

    private void note(long end) {
        if (end <= MAX_BYTES) {
            ends.add((int) end);
        }
    }

    private boolean beginsAt(int at) {
        return bytes[at] == '{'
                && bytes[at - BEFORE_BYTES] == InitialStream.SECTION_EOF
                && bytes[at - BEFORE_BYTES + 1] == InitialStream.SECTION_DESCRIPTION
                && Arrays.equals(
                        bytes, at, at + DESCRIPTION_START.length, DESCRIPTION_START, 0, DESCRIPTION_START.length);
    }

    private long u32(int at) {
        return (bytes[at] & 0xffL) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }
}
