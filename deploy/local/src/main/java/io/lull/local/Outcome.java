package io.lull.local;

import io.lull.local.scenario.Verdicts.Verdict;
import java.util.List;

/** What a scenario saw, for a person and for a machine. */
public interface Outcome {
    /** For a person. */
    String text();

    /** What was judged. */
    List<Verdict> verdicts();
}
