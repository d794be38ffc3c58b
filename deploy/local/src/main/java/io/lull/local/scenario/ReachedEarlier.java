package io.lull.local.scenario;

import io.lull.local.scenario.Verdicts.Kind;
import io.lull.local.scenario.Verdicts.Verdict;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rates and times that earlier tries of a scenario reached. Others who have the machine for a while cost a try now
 * this rate and now that one; what is broken is missed in every try. A promise is no matter of luck: it must hold in
 * each.
 *
 * @param claims of kind {@link Kind#TIMING} that held in one try at least
 */
public record ReachedEarlier(Set<String> claims) {
    public ReachedEarlier {
        claims = Set.copyOf(claims);
    }

    /** Takes from all verdicts of earlier tries what they reached. */
    public static ReachedEarlier in(List<Verdict> earlier) {
        return new ReachedEarlier(earlier.stream()
                .filter(verdict -> verdict.held() && verdict.kind() == Kind.TIMING)
                .map(Verdict::claim)
                .collect(Collectors.toSet()));
    }

    /** Which of a try's verdicts did not hold, neither in this try nor, for rates and times, in an earlier one. */
    public List<Verdict> missed(List<Verdict> verdicts) {
        return verdicts.stream()
                .filter(verdict -> !verdict.held() && !excused(verdict))
                .toList();
    }

    /** A line for each verdict that only an earlier try makes good. */
    public String text(List<Verdict> verdicts) {
        return verdicts.stream()
                .filter(verdict -> !verdict.held() && excused(verdict))
                .map(verdict -> "  reached in an earlier try: " + verdict.claim() + "\n")
                .collect(Collectors.joining());
    }

    private boolean excused(Verdict verdict) {
        return verdict.kind() == Kind.TIMING && claims.contains(verdict.claim());
    }
}
