package io.lull.policy.signal;

import java.util.OptionalDouble;

/**
 * Estimates how many bytes a second the replication link takes.
 *
 * <pre>
 * ships    = 0.9 quantile of shippedBytes / shipNanos, each with weight bytes / (bytes + {@value #HALF_WEIGHT_BYTES})
 * estimate = Ewma of the probes' measurement while samples have one; else ships
 * </pre>
 *
 * <p>A ship uses the link only in part: an epoch of few pages spends its time on encoding and on the wake-ups of
 * threads, so a mean would be far too low and the estimate is a high quantile. The highest are not the link either: a
 * small epoch fits into a socket's buffer, and is handed over at the speed of memory; hence the weight, and no maximum.
 * Regimes: unknown before either source has spoken; while all epochs are small, ships are the rate at which the worker
 * hands over and not the link's, and only a measurement tells; what was seen more than some {@value #MEMORY_SHIPS}
 * full ships ago fades. Unit: bytes per second.
 */
public final class LinkRate {
    static final int HALF_WEIGHT_BYTES = 65_536;
    static final int MEMORY_SHIPS = 128;
    private static final double QUANTILE_RATIO = 0.9;
    private static final double NANOS_PER_SECOND = 1e9;

    private LinkRate() {}

    /** Takes up a ship of {@code shippedBytes} in {@code shipNanos}; one of no bytes or no time says nothing. */
    public static void update(LinkState state, long shippedBytes, long shipNanos) {
        if (shippedBytes <= 0 || shipNanos <= 0) {
            return;
        }
        double weight = (double) shippedBytes / ((double) shippedBytes + HALF_WEIGHT_BYTES);
        QuantileSketch.add(state.shipped, shippedBytes * NANOS_PER_SECOND / shipNanos, weight);
    }

    /** Takes up the ship of {@code report}. */
    public static void update(LinkState state, EpochReport report) {
        update(state, report.bytes().shippedBytes(), report.stages().shipNanos());
    }

    /** Takes up the probes' measurement, or that {@code sample} has none, with a memory of {@code tauNanos}. */
    public static void update(LinkState state, SampleView sample, long tauNanos) {
        if (sample.linkKnown && sample.linkBytesPerSecond > 0) {
            Ewma.update(state.measured, (double) sample.linkBytesPerSecond, sample.intervalNanos, tauNanos);
        } else {
            state.measured.mean = 0;
            state.measured.weightRatio = 0;
        }
    }

    /** Whether there has been a ship or a measurement. */
    public static boolean isKnown(LinkState state) {
        return Ewma.isKnown(state.measured) || QuantileSketch.isKnown(state.shipped);
    }

    /** What the link takes. */
    public static OptionalDouble bytesPerSecond(LinkState state) {
        return isKnown(state) ? OptionalDouble.of(bytesPerSecondOr(state, 0)) : OptionalDouble.empty();
    }

    /** What the link takes, or {@code otherwise} while unknown. */
    public static double bytesPerSecondOr(LinkState state, double otherwise) {
        if (!isKnown(state)) {
            return otherwise;
        }
        return Ewma.isKnown(state.measured)
                ? state.measured.mean
                : QuantileSketch.quantile(state.shipped, QUANTILE_RATIO);
    }
}
