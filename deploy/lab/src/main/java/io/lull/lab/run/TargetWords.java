package io.lull.lab.run;

import io.lull.policy.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Targets as a person writes them: {@code p99=25ms,overhead=5%,bandwidth=50MB/s}, or {@code none}. */
public final class TargetWords {
    private static final String NONE = "none";
    private static final String FORM =
            "write none, or some of p99=25ms, overhead=5%, bandwidth=50MB/s, separated by commas";
    private static final Pattern VALUE = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,6})?)([a-zA-Z%/]+)");
    private static final Map<String, Double> NANOS = Map.of("us", 1e3, "ms", 1e6, "s", 1e9);
    private static final Map<String, Double> SHARES = Map.of("%", 0.01);
    private static final Map<String, Double> BYTES = Map.of("B/s", 1.0, "kB/s", 1e3, "MB/s", 1e6, "GB/s", 1e9);

    private TargetWords() {}

    /** What {@code words} ask for; an {@link IllegalArgumentException} of one line when that can't be told. */
    public static Targets parse(String words) {
        OptionalLong delay = OptionalLong.empty();
        OptionalDouble overhead = OptionalDouble.empty();
        OptionalLong bandwidth = OptionalLong.empty();
        for (String part : words.equals(NONE) ? List.<String>of() : List.of(words.split(",", -1))) {
            String[] sides = part.split("=", 2);
            String key = sides.length == 2 ? sides[0] : "";
            if (key.equals("p99") && delay.isEmpty()) {
                delay = OptionalLong.of(Math.round(value(part, sides[1], NANOS)));
            } else if (key.equals("overhead") && overhead.isEmpty()) {
                overhead = OptionalDouble.of(value(part, sides[1], SHARES));
            } else if (key.equals("bandwidth") && bandwidth.isEmpty()) {
                bandwidth = OptionalLong.of(Math.round(value(part, sides[1], BYTES)));
            } else {
                throw refused(part);
            }
        }
        return new Targets(delay, overhead, bandwidth);
    }

    /** The same in words, for reading and for {@link #parse}. */
    public static String of(Targets targets) {
        List<String> parts = new ArrayList<>();
        targets.outputDelayP99Nanos().ifPresent(nanos -> parts.add("p99=" + number(nanos / 1e6) + "ms"));
        targets.overheadRatio().ifPresent(ratio -> parts.add("overhead=" + number(100 * ratio) + "%"));
        targets.shippedBytesPerSecond().ifPresent(bytes -> parts.add("bandwidth=" + number(bytes / 1e6) + "MB/s"));
        return parts.isEmpty() ? NONE : String.join(",", parts);
    }

    private static double value(String part, String text, Map<String, Double> units) {
        Matcher matcher = VALUE.matcher(text);
        if (!matcher.matches()) {
            throw refused(part);
        }
        Double unit = units.get(matcher.group(2));
        if (unit == null) {
            throw refused(part);
        }
        return Double.parseDouble(matcher.group(1)) * unit;
    }

    private static IllegalArgumentException refused(String part) {
        return new IllegalArgumentException("objective '" + part + "' is not understood: " + FORM);
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.6f", value);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
