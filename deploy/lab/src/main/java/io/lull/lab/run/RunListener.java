package io.lull.lab.run;

/** Is told how far an experiment has come. */
@FunctionalInterface
public interface RunListener {
    /** Looks away. */
    RunListener NONE = done -> {};

    /** So much is done now. */
    void done(Done done);

    /**
     * How far an experiment has come.
     *
     * @param runs that are done
     * @param allRuns that there are
     * @param searches of the oracle that are done
     * @param allSearches that there are
     */
    record Done(int runs, int allRuns, int searches, int allSearches) {}
}
