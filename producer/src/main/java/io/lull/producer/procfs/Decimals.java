package io.lull.producer.procfs;

import java.nio.ByteBuffer;

/** Reads decimal numbers out of ASCII text without allocating. */
final class Decimals {
    private Decimals() {}

    /** The number after any spaces at the text's position, which moves behind it. */
    static long next(ByteBuffer text) throws ProbeException {
        while (text.hasRemaining() && text.get(text.position()) == ' ') {
            text.get();
        }
        int start = text.position();
        long value = 0;
        while (isDigitNext(text)) {
            int digit = text.get() - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                throw new ProbeException(ProbeException.Kind.MALFORMED, "a number beyond 2^63 at byte " + start);
            }
            value = value * 10 + digit;
        }
        if (text.position() == start) {
            throw new ProbeException(ProbeException.Kind.MALFORMED, "no number at byte " + start);
        }
        return value;
    }

    static boolean isDigitNext(ByteBuffer text) {
        return text.hasRemaining() && text.get(text.position()) >= '0' && text.get(text.position()) <= '9';
    }

    /** Moves behind the next line end; whether there is anything there. */
    static boolean skipLine(ByteBuffer text) {
        while (text.hasRemaining()) {
            if (text.get() == '\n') {
                return text.hasRemaining();
            }
        }
        return false;
    }
}
