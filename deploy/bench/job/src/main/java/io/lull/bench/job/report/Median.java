package io.lull.bench.job.report;

import java.util.ArrayList;
import java.util.List;

/** The middle of what several turns measured: one disturbed turn does not move it. */
public final class Median {
    private Median() {}

    /**
     * Of the ratios of what two contenders did in the same turns, one after the other: what slows the machine down for a
     * while slows both.
     */
    public static double ofRatios(List<Double> values, List<Double> baselines) {
        List<Double> ratios = new ArrayList<>();
        for (int turn = 0; turn < Math.min(values.size(), baselines.size()); turn++) {
            ratios.add(values.get(turn) / baselines.get(turn));
        }
        return of(ratios);
    }

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
