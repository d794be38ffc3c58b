package io.lull.bench.job.report;

import java.util.Locale;

/**
 * A claim held against a measurement.
 *
 * @param claim what is claimed
 * @param measured what was measured
 * @param side whether the bound is the most or the least
 * @param bound what it is held to
 */
public record Check(String claim, double measured, Side side, double bound) {
    /** On which side of the bound the measurement must be. */
    public enum Side {
        AT_MOST("at most"),
        AT_LEAST("at least");

        private final String words;

        Side(String words) {
            this.words = words;
        }
    }

    public static Check atMost(String claim, double measured, double bound) {
        return new Check(claim, measured, Side.AT_MOST, bound);
    }

    public static Check atLeast(String claim, double measured, double bound) {
        return new Check(claim, measured, Side.AT_LEAST, bound);
    }

    /** Whether the claim holds; what was not measured (not a number) does not. */
    public boolean holds() {
        return side == Side.AT_MOST ? measured <= bound : measured >= bound;
    }

    /** One line for a reader. */
    public String inWords() {
        return String.format(
                Locale.ROOT,
                "%s: %s is %.4g, %s %.4g is claimed",
                holds() ? "holds" : "MISSED",
                claim,
                measured,
                side.words,
                bound);
    }
}
