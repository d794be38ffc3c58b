package io.lull.schemas.wire;

import java.util.Arrays;

/** Tells by their first bytes what records are. */
final class Headers {
    private Headers() {}

    static boolean begins(byte[] bytes, byte[] header) {
        return begins(bytes, 0, bytes.length, header);
    }

    /** Whether the bytes from {@code from} up to {@code end} do. */
    static boolean begins(byte[] bytes, int from, int end, byte[] header) {
        return end - from >= header.length
                && Arrays.equals(bytes, from, from + header.length, header, 0, header.length);
    }
}
