package io.lull.policy.sim;

/** What the worker predicts of the open epoch's dirty pages from those before. */
final class HostMemory {
    private static final double EXPONENT = 0.45;
    private static final double NEWEST = 0.2;
    private double pagesAtOneNano;

    void committed(long lengthNanos, long dirtyPages) {
        if (lengthNanos > 0) {
            double coefficient = dirtyPages / Math.pow(lengthNanos, EXPONENT);
            pagesAtOneNano = pagesAtOneNano == 0 ? coefficient : (1 - NEWEST) * pagesAtOneNano + NEWEST * coefficient;
        }
    }

    double pagesAt(long elapsedNanos) {
        return pagesAtOneNano * Math.pow(elapsedNanos, EXPONENT);
    }

    double pagesPerSecondAt(long elapsedNanos) {
        return elapsedNanos == 0 ? 0 : EXPONENT * pagesAt(elapsedNanos) / elapsedNanos * 1e9;
    }
}
