package io.lull.lab.run;

/** Is told how far an experiment has come. */
@FunctionalInterface
public interface RunListener {
    /** Looks away. */
    RunListener NONE = (runs, total) -> {};

    /** {@code runs} of {@code total} are done. */
    void done(int runs, int total);
}
