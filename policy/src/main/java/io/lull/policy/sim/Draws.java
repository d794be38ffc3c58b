package io.lull.policy.sim;

/**
 * A stream of random numbers that is all state and no surprise: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). The
 * same seed gives the same run on every machine, and a fork of a simulation draws what the original would have drawn.
 */
public final class Draws {
    private long state;

    public Draws(long seed) {
        state = seed;
    }

    /** Uniform over all longs. */
    public long nextLong() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Uniform from 0 (included) to 1 (not included). */
    public double uniform() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Exponential with this mean. */
    public double exponential(double mean) {
        return -mean * Math.log(1 - uniform());
    }

    /** A factor around 1: log-normal with median 1 and this standard deviation of the logarithm. */
    public double jitter(double sigma) {
        if (sigma == 0) {
            return 1;
        }
        double radius = Math.sqrt(-2 * Math.log(1 - uniform()));
        return Math.exp(sigma * radius * Math.cos(2 * Math.PI * uniform()));
    }

    /** A draw whose median and 99th percentile are given: log-normal. */
    public double delay(double p50, double p99) {
        return p50 * jitter(Math.log(Math.max(1, p99 / p50)) / NORMAL_P99);
    }

    void copyFrom(Draws other) {
        state = other.state;
    }

    private static final double NORMAL_P99 = 2.3263;
}
