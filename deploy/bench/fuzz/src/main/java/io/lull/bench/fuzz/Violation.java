package io.lull.bench.fuzz;

/**
 * Something that hostile input must never do.
 *
 * @param kind what
 * @param target to whom
 * @param what for people, the exception's trace included
 * @param input the input, or the last one of the batch after which it was noticed
 */
record Violation(Kind kind, String target, String what, byte[] input) {
    enum Kind {
        /** An exception that the parser is not documented to refuse input with. */
        WRONG_EXCEPTION,
        /** More heap than the bound for an input of this length. */
        ALLOCATION,
        /** More CPU time than an input may take. */
        SLOW,
        /** Not back within the limit. */
        HANG,
        /** Valid input is no longer handled as it should be. */
        HARM
    }
}
