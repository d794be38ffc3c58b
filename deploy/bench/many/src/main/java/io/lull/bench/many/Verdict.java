package io.lull.bench.many;

/**
 * What one VM that stayed calm had to bear.
 *
 * @param calmNanos its p99 commit delay while all are calm
 * @param wildNanos while one is wild
 * @param shareNanos while the same work is spread evenly: its share
 */
record Verdict(int vm, long calmNanos, long wildNanos, long shareNanos) {
    /** Most that it may be of its share. */
    static final double LIMIT = 2;

    double ofShare() {
        return (double) wildNanos / shareNanos;
    }

    double ofCalm() {
        return (double) wildNanos / calmNanos;
    }

    boolean holds() {
        return ofShare() <= LIMIT;
    }
}
