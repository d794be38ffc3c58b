package io.lull.job.admit;

/** What becomes of a sample or a report. */
public enum Verdict {
    /** Taken up. */
    NEXT(true),
    /** Taken up; another host was believed before, whose epochs have nothing to do with this one's. */
    MOVED(true),
    /** Taken up; the worker counts its epochs anew. */
    RESTARTED(true),
    /** Passed over: the same came before. */
    DUPLICATE(false),
    /** Passed over: a later one came before. */
    REORDERED(false),
    /** Passed over: another host is believed of this VM. */
    OTHER_HOST(false),
    /** Passed over: a report of a VM that no sample has come of. */
    UNKNOWN_VM(false);

    private final boolean admitted;

    Verdict(boolean admitted) {
        this.admitted = admitted;
    }

    public boolean admitted() {
        return admitted;
    }
}
