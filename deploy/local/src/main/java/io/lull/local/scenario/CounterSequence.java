package io.lull.local.scenario;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Judges what came out of the guest's counter port: {@code C 0000000001\n}, {@code C 0000000002\n}, and so on from the
 * first byte, without gap or repetition; the last line may be cut anywhere.
 */
public final class CounterSequence {
    /** Bytes of a line. */
    public static final int LINE_BYTES = 13;

    private CounterSequence() {}

    /** What is wrong with the output; empty when nothing is. */
    public static Optional<String> fault(byte[] output) {
        for (int at = 0; at < output.length; at += LINE_BYTES) {
            int length = Math.min(LINE_BYTES, output.length - at);
            String line = String.format("C %010d\n", at / LINE_BYTES + 1L);
            String got = new String(output, at, length, StandardCharsets.ISO_8859_1);
            if (!line.startsWith(got)) {
                return Optional.of("at byte " + at + ": '" + got.strip() + "' instead of '" + line.strip() + "'");
            }
        }
        return Optional.empty();
    }
}
