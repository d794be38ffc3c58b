package io.lull.policy;

/** Range checks for compact constructors; each names the value that was wrong. */
public final class Checks {
    private static final long LONGEST_NANOS = 1_000_000_000_000_000L;

    private Checks() {}

    /** Returns {@code nanos}, or refuses it unless it is a time from {@code least} to 11 days: what adds up in a long. */
    public static long duration(String name, long nanos, long least) {
        if (nanos < least || nanos > LONGEST_NANOS) {
            throw new IllegalArgumentException(
                    name + " must be from " + least + " to " + LONGEST_NANOS + " ns, is " + nanos);
        }
        return nanos;
    }

    /** Returns {@code value}, or refuses it when it is negative. */
    public static long notNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, is " + value);
        }
        return value;
    }

    /** Returns {@code value}, or refuses it unless it is at least 1. */
    public static long positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, is " + value);
        }
        return value;
    }

    /** Returns {@code value}, or refuses it unless it is a number from {@code low} to {@code high}. */
    public static double within(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(name + " must be from " + low + " to " + high + ", is " + value);
        }
        return value;
    }
}
