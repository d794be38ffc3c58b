package io.lull.worker.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;

/** A program that carries out commands, one after the other. For one thread. */
interface CommandLine extends Closeable {
    /**
     * Has commands carried out, in order; the last one is a question.
     *
     * @return the answer; when it is here, all were carried out
     * @throws IOException when one was refused, or there was no answer in time: which were carried out is unknown then, none will be
     *     any more, and the program is of no more use
     */
    JsonNode ask(String... commands) throws IOException;

    /** Whether more can be asked. */
    boolean works();

    /** Commands given so far. */
    int given();

    /** Ends the program. */
    @Override
    void close();

    /** Starts the programs that rule the network of the machine, or of a part of it. */
    interface Tools {
        /** {@code tc}, with counters in its answers. */
        CommandLine tc() throws IOException;

        /** {@code ip}, with all that there is in its answers. */
        CommandLine ip() throws IOException;
    }
}
