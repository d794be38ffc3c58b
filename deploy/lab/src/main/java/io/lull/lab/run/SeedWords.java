package io.lull.lab.run;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Seeds as a person writes them: {@code 1}, {@code 1,7}, {@code 1..5}, or several of these with commas. */
public final class SeedWords {
    /** More would take longer than anybody waits. */
    private static final int MAX_SEEDS = 1_000;

    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})\\.\\.([0-9]{1,9})");
    private static final Pattern SINGLE = Pattern.compile("-?[0-9]{1,18}");

    private SeedWords() {}

    /** The seeds in the order given; an {@link IllegalArgumentException} of one line when {@code words} are none. */
    public static List<Long> parse(String words) {
        List<Long> seeds = new ArrayList<>();
        for (String part : words.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (range.matches()) {
                long first = Long.parseLong(range.group(1));
                long last = Long.parseLong(range.group(2));
                if (first > last || last - first >= MAX_SEEDS) {
                    throw refused(part);
                }
                for (long seed = first; seed <= last; seed++) {
                    seeds.add(seed);
                }
            } else if (SINGLE.matcher(part).matches()) {
                seeds.add(Long.parseLong(part));
            } else {
                throw refused(part);
            }
        }
        if (seeds.size() > MAX_SEEDS) {
            throw refused(words);
        }
        return List.copyOf(seeds);
    }

    private static IllegalArgumentException refused(String words) {
        return new IllegalArgumentException(
                "seed '" + words + "' is not understood: write 1, 1,7 or 1..5, at most " + MAX_SEEDS + " of them");
    }
}
