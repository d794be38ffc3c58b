package io.lull.bench.fuzz.siege;

import java.util.List;

/** Hostile peers on a real socket. */
public interface Siege {
    /**
     * What came of a siege.
     *
     * @param report figures, for people
     * @param violations one line for each rule that was broken
     */
    record Outcome(String report, List<String> violations) {
        public Outcome {
            violations = List.copyOf(violations);
        }
    }

    /** Holds out against so many hostile connections. */
    Outcome run(long seed, int connections) throws Exception;
}
