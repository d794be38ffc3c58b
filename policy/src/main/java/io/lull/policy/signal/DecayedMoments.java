package io.lull.policy.signal;

/**
 * Exponentially weighted first and second moments of pairs (x, y), centred, so that they lose no digits: what the
 * least-squares fits here are computed from. A class with public fields, because Flink keeps it as state.
 *
 * <p>Before each pair all weights are multiplied by 1 − 1/memory; a pair weighs 1. Source: West, "Updating mean and
 * variance estimates" (1979), with decay.
 */
public final class DecayedMoments {
    /** Sum of the weights; from 0 up to the memory, in pairs. */
    public double weight;

    public double meanX;
    public double meanY;

    /** Weighted sum of (x − meanX)². */
    public double sumXx;

    /** Weighted sum of (x − meanX)(y − meanY). */
    public double sumXy;

    /** Weighted sum of (y − meanY)². */
    public double sumYy;

    DecayedMoments copy() {
        DecayedMoments copy = new DecayedMoments();
        copy.weight = weight;
        copy.meanX = meanX;
        copy.meanY = meanY;
        copy.sumXx = sumXx;
        copy.sumXy = sumXy;
        copy.sumYy = sumYy;
        return copy;
    }

    /** Takes up a pair of finite numbers, below 1e100, with a memory of {@code memoryPairs}. */
    void add(double x, double y, double memoryPairs) {
        double keep = 1 - 1 / memoryPairs;
        double old = weight * keep;
        weight = old + 1;
        double dx = x - meanX;
        double dy = y - meanY;
        double share = old / weight;
        meanX = meanX * share + x / weight;
        meanY = meanY * share + y / weight;
        sumXx = sumXx * keep + dx * dx * share;
        sumXy = sumXy * keep + dx * dy * share;
        sumYy = sumYy * keep + dy * dy * share;
    }
}
