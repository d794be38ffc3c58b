package io.lull.local;

import io.lull.local.scenario.Verdicts.Kind;
import io.lull.local.scenario.Verdicts.Verdict;
import java.util.List;

/** What a scenario saw, for a person and for a machine, and whether what must hold held. */
public interface Outcome {
    /** For a person. */
    String text();

    /** What was judged. */
    List<Verdict> verdicts();

    /** Whether every claim held. */
    default boolean allHeld() {
        return verdicts().stream().allMatch(Verdict::held);
    }

    /** Whether every claim held that a busy machine can't excuse. */
    default boolean allHeldButTiming() {
        return verdicts().stream().allMatch(verdict -> verdict.held() || verdict.kind() == Kind.TIMING);
    }
}
