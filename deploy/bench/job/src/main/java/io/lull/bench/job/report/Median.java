package io.lull.bench.job.report;

import java.util.List;

/** The middle of what several turns measured: one disturbed turn does not move it. */
public final class Median {
    private Median() {}

    /** Of at least one value; the mean of the middle two when their number is even. */
    public static double of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no turn was measured: there is no median");
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
