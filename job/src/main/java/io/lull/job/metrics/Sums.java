package io.lull.job.metrics;

import java.util.Arrays;

/** Adds arrays that stand for 0 beyond their length: those of an earlier version may be shorter than today's. */
final class Sums {
    private Sums() {}

    static double[] atLeast(double[] sums, int length) {
        return sums.length >= length ? sums : Arrays.copyOf(sums, length);
    }

    static long[] atLeast(long[] sums, int length) {
        return sums.length >= length ? sums : Arrays.copyOf(sums, length);
    }

    static int[] atLeast(int[] sums, int length) {
        return sums.length >= length ? sums : Arrays.copyOf(sums, length);
    }

    static double at(double[] sums, int index) {
        return index < sums.length ? sums[index] : 0;
    }

    static long at(long[] sums, int index) {
        return index < sums.length ? sums[index] : 0;
    }

    /** The sums of both, in {@code into} where it is long enough. */
    static double[] added(double[] into, double[] other) {
        double[] sums = atLeast(into, other.length);
        for (int i = 0; i < other.length; i++) {
            sums[i] += other[i];
        }
        return sums;
    }

    /** The sums of both, none above the greatest int. */
    static int[] added(int[] into, int[] other) {
        int[] sums = atLeast(into, other.length);
        for (int i = 0; i < other.length; i++) {
            sums[i] = bounded(sums[i], other[i]);
        }
        return sums;
    }

    /** The higher of both. */
    static long[] highest(long[] into, long[] other) {
        long[] highest = atLeast(into, other.length);
        for (int i = 0; i < other.length; i++) {
            highest[i] = Math.max(highest[i], other[i]);
        }
        return highest;
    }

    /** The sum of two numbers that are not negative, or the greatest int. */
    static int bounded(int sum, long more) {
        return (int) Math.min(Integer.MAX_VALUE, sum + Math.min(Integer.MAX_VALUE, more));
    }
}
