package io.lull.bench.faults.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What did not hold in a life, in the order in which it was found. Not thread-safe. */
public final class Violations {
    private final List<String> found = new ArrayList<>();

    /** Takes up a verdict. */
    public void add(Optional<String> violation) {
        violation.ifPresent(found::add);
    }

    /** Takes up what must hold. */
    public void require(boolean holds, String otherwise) {
        if (!holds) {
            found.add(otherwise);
        }
    }

    /** All of them. */
    public List<String> all() {
        return List.copyOf(found);
    }
}
