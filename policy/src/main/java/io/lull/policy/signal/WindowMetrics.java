package io.lull.policy.signal;

import io.lull.policy.Checks;
import io.lull.policy.VmId;

/**
 * A VM's samples and epoch reports over one window, summed up by the job. Rates are per second of the window; a name
 * that ends in {@code Max} is the highest value seen in a sample.
 *
 * @param vm whose
 * @param windowStartMicros begin of the window, host wall clock, microseconds since 1970
 * @param windowNanos length of the window
 * @param samples how many samples fell into it; when 0 all that is derived from samples is 0 and means nothing
 * @param epochs how many epoch reports fell into it; when 0 pause, commit and shipped bytes are 0 and mean nothing
 * @param dirtyPagesPerSecond as counted where the sample's source allows it
 * @param busyRatio mean busy share of the vCPUs, 0..1
 * @param idleSlots idle slots that began in the window
 * @param idleShareRatio share of the window spent in idle slots, 0..1
 * @param stalledMax most connections stalled at once
 * @param windowFullMax most connections with a full window at once
 * @param zeroWindowMax most connections with a window of zero at once
 * @param pendingMax most requests pending at once
 * @param pauseP50Nanos median pause
 * @param commitP50Nanos median time from paused to acknowledged
 */
public record WindowMetrics(
        VmId vm,
        long windowStartMicros,
        long windowNanos,
        long samples,
        long epochs,
        double dirtyPagesPerSecond,
        double txPacketsPerSecond,
        double txBytesPerSecond,
        double rxPacketsPerSecond,
        double rxBytesPerSecond,
        double diskWriteBytesPerSecond,
        double busyRatio,
        long idleSlots,
        double idleShareRatio,
        long heldBytesMax,
        long oldestHeldNanosMax,
        int stalledMax,
        int windowFullMax,
        int zeroWindowMax,
        int pendingMax,
        double epochsPerSecond,
        long pauseP50Nanos,
        long pauseMaxNanos,
        long commitP50Nanos,
        long commitMaxNanos,
        double shippedBytesPerSecond) {
    public WindowMetrics {
        Checks.notNegative("windowStartMicros", windowStartMicros);
        Checks.positive("windowNanos", windowNanos);
        Checks.notNegative("samples", samples);
        Checks.notNegative("epochs", epochs);
        rate("dirtyPagesPerSecond", dirtyPagesPerSecond);
        rate("txPacketsPerSecond", txPacketsPerSecond);
        rate("txBytesPerSecond", txBytesPerSecond);
        rate("rxPacketsPerSecond", rxPacketsPerSecond);
        rate("rxBytesPerSecond", rxBytesPerSecond);
        rate("diskWriteBytesPerSecond", diskWriteBytesPerSecond);
        Checks.within("busyRatio", busyRatio, 0, 1);
        Checks.notNegative("idleSlots", idleSlots);
        Checks.within("idleShareRatio", idleShareRatio, 0, 1);
        Checks.notNegative("heldBytesMax", heldBytesMax);
        Checks.notNegative("oldestHeldNanosMax", oldestHeldNanosMax);
        Checks.notNegative("stalledMax", stalledMax);
        Checks.notNegative("windowFullMax", windowFullMax);
        Checks.notNegative("zeroWindowMax", zeroWindowMax);
        Checks.notNegative("pendingMax", pendingMax);
        rate("epochsPerSecond", epochsPerSecond);
        Checks.notNegative("pauseP50Nanos", pauseP50Nanos);
        Checks.notNegative("pauseMaxNanos", pauseMaxNanos);
        Checks.notNegative("commitP50Nanos", commitP50Nanos);
        Checks.notNegative("commitMaxNanos", commitMaxNanos);
        rate("shippedBytesPerSecond", shippedBytesPerSecond);
    }

    private static void rate(String name, double perSecond) {
        Checks.within(name, perSecond, 0, Double.MAX_VALUE);
    }
}
