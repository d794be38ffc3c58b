package io.lull.bench.fuzz;

import io.lull.bench.fuzz.parser.Conversation;
import io.lull.bench.fuzz.parser.Target;
import java.util.List;

/** An endless supply of a target's mutated input, for those who send it by another way. For one thread. */
public final class Mutations {
    private final Target target;
    private final List<Conversation> corpus;
    private final Mutator mutator;

    /** The same seed, the same input. */
    public Mutations(Target target, long seed) {
        this.target = target;
        this.corpus = target.corpus();
        this.mutator = new Mutator(seed);
    }

    public byte[] next() {
        return mutator.next(target, corpus);
    }
}
