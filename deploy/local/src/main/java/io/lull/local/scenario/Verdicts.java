package io.lull.local.scenario;

import java.util.ArrayList;
import java.util.List;

/** The claims that a scenario checks, in order, each with what was seen. */
public final class Verdicts {
    private final List<Verdict> all = new ArrayList<>();

    /** One claim. */
    public record Verdict(String claim, boolean held, String seen) {}

    /** Notes whether a claim held. */
    public void check(String claim, boolean held, Object seen) {
        all.add(new Verdict(claim, held, String.valueOf(seen)));
    }

    public List<Verdict> all() {
        return List.copyOf(all);
    }

    /** A line for each. */
    public static String text(List<Verdict> verdicts) {
        StringBuilder text = new StringBuilder();
        for (Verdict verdict : verdicts) {
            text.append(verdict.held() ? "  held    " : "  FAILED  ")
                    .append(verdict.claim())
                    .append(" (seen: ")
                    .append(verdict.seen())
                    .append(")\n");
        }
        return text.toString();
    }
}
