package io.lull.job.state;

/** Text from outside, cut to what state has room for: it is bounded, whatever was sent. */
public final class KeptText {
    /** No letter of a string takes more, as UTF-8. */
    private static final int MOST_LETTER_BYTES = 3;

    private KeptText() {}

    /** {@code text}, or as much of its begin as takes no more than {@code mostBytes} as UTF-8. */
    public static String cut(String text, int mostBytes) {
        if (text.length() <= mostBytes / MOST_LETTER_BYTES) {
            return text;
        }
        int bytes = 0;
        for (int at = 0; at < text.length(); at = text.offsetByCodePoints(at, 1)) {
            int letter = text.codePointAt(at);
            bytes += letter < 0x80 ? 1 : letter < 0x800 ? 2 : letter < 0x10000 ? 3 : 4;
            if (bytes > mostBytes) {
                return text.substring(0, at);
            }
        }
        return text;
    }
}
