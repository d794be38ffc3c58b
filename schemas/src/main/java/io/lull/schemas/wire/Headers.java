package io.lull.schemas.wire;

import java.util.Arrays;

/** Tells by their first bytes what records are. */
final class Headers {
    private Headers() {}

    static boolean begins(byte[] bytes, byte[] header) {
        return bytes.length >= header.length && Arrays.equals(bytes, 0, header.length, header, 0, header.length);
    }
}
