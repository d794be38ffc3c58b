package io.lull.job.metrics;

import io.lull.policy.signal.WindowMetrics;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where two windows differ, field by field, whatever fields there are. Counts, levels, reasons and presence must be
 * equal; sums of fractions may differ in their last digits; quantiles by the 1/32 that the histogram promises.
 */
final class Differences {
    private static final double DIGITS = 1e-9;
    private static final double QUANTILES = 1 / 32.0;

    private final List<String> found = new ArrayList<>();

    private Differences() {}

    static List<String> between(WindowMetrics expected, WindowMetrics actual) {
        Differences differences = new Differences();
        differences.compare("", expected, actual);
        return differences.found;
    }

    private void compare(String where, Object expected, Object actual) {
        if (expected instanceof Record && expected.getClass() == actual.getClass()) {
            for (RecordComponent part : expected.getClass().getRecordComponents()) {
                compare(where + "." + part.getName(), value(part, expected), value(part, actual));
            }
        } else if (expected instanceof Optional<?> some && actual instanceof Optional<?> other) {
            if (some.isPresent() && other.isPresent()) {
                compare(where, some.get(), other.get());
            } else {
                note(where, some, other, some.isPresent() == other.isPresent());
            }
        } else if (expected instanceof OptionalDouble some && actual instanceof OptionalDouble other) {
            note(
                    where,
                    some,
                    other,
                    some.isPresent() == other.isPresent() && close(some.orElse(0), other.orElse(0), DIGITS));
        } else if (expected instanceof List<?> some && actual instanceof List<?> other && some.size() == other.size()) {
            for (int i = 0; i < some.size(); i++) {
                compare(where + "[" + i + "]", some.get(i), other.get(i));
            }
        } else if (expected instanceof Double some && actual instanceof Double other) {
            note(where, some, other, close(some, other, DIGITS));
        } else if (where.matches(".*\\.p[0-9]+Nanos")) {
            note(where, expected, actual, close((Long) expected, (Long) actual, QUANTILES));
        } else {
            note(where, expected, actual, Objects.equals(expected, actual));
        }
    }

    private void note(String where, Object expected, Object actual, boolean same) {
        if (!same) {
            found.add(where.substring(1) + ": expected " + expected + ", is " + actual);
        }
    }

    private static boolean close(double expected, double actual, double ratio) {
        return Math.abs(actual - expected) <= Math.abs(expected) * ratio;
    }

    static Object value(RecordComponent part, Object owner) {
        try {
            return part.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no component " + part, e);
        }
    }
}
