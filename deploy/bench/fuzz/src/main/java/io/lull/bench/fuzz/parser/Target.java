package io.lull.bench.fuzz.parser;

import java.util.List;

/**
 * A parser, and how it is given input. One thread uses a target; its state lives from one input to the next, as that of a
 * server does.
 */
public interface Target extends AutoCloseable {
    /** Valid input, which {@link #run} takes without an exception. */
    List<Conversation> corpus();

    /** Mends what a sender derives from the rest of its messages (lengths, checksums), so that mutations get past them. */
    default Conversation sealed(Conversation mutated) {
        return mutated;
    }

    /** Gives the parser one connection's input. */
    void run(byte[] input) throws Exception;

    /** Whether this is how the parser is documented to refuse input; anything else that it throws is a fault. */
    boolean refuses(Throwable thrown);

    /** What one input may allocate on the heap. */
    Bounds bounds();

    /** Throws when valid input is no longer handled as it should be. */
    void checkUnharmed() throws Exception;

    @Override
    default void close() throws Exception {}
}
