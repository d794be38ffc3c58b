package io.lull.local.scenario;

import java.util.ArrayList;
import java.util.List;

/** The claims that a scenario checks, in order, each with what was seen. */
public final class Verdicts {
    private final List<Verdict> all = new ArrayList<>();

    /** What it means when a claim does not hold. */
    public enum Kind {
        /** Something is broken, however busy the machine is. */
        PROMISE,
        /** A rate or a time was missed: something is broken, or others had the machine. */
        TIMING
    }

    /** One claim. */
    public record Verdict(String claim, Kind kind, boolean held, String seen) {}

    /** Notes whether a promise held. */
    public void check(String claim, boolean held, Object seen) {
        all.add(new Verdict(claim, Kind.PROMISE, held, String.valueOf(seen)));
    }

    /** Notes whether a rate or a time was reached. */
    public void timing(String claim, boolean held, Object seen) {
        all.add(new Verdict(claim, Kind.TIMING, held, String.valueOf(seen)));
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
                    .append(verdict.kind() == Kind.TIMING ? "; timing)\n" : ")\n");
        }
        return text.toString();
    }
}
