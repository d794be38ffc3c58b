package io.lull.policy.signal;

import io.lull.policy.Checks;
import io.lull.policy.VmId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A VM's samples and epoch reports over one window of its host's time, summed up by the job. Each part is there when
 * something in the window says it, and absent when nothing does.
 *
 * <p>Rates are per second of the window. Means over samples weigh each with its interval. A level is what a sample
 * found at its end. What is optional within a part is also absent in windows that an older job wrote.
 *
 * @param vm whose
 * @param windowStartMicros begin of the window, host wall clock, microseconds since 1970
 * @param windowNanos length of the window
 * @param load from its samples; absent when there was none
 * @param dirtying from the samples that have a count of dirty pages
 * @param dirtyFit what is known at the window's end of how dirty pages grow, from all epochs so far
 * @param epochs from its epoch reports; absent when there was none
 * @param link from the samples that know the replication link's rate
 */
public record WindowMetrics(
        VmId vm,
        long windowStartMicros,
        long windowNanos,
        Optional<Load> load,
        Optional<Dirtying> dirtying,
        Optional<DirtyFit> dirtyFit,
        Optional<WindowEpochs> epochs,
        Optional<Link> link) {
    public WindowMetrics {
        Checks.notNegative("windowStartMicros", windowStartMicros);
        Checks.positive("windowNanos", windowNanos);
    }

    /**
     * What the guest did.
     *
     * @param samples how many samples fell into the window
     * @param busyRatio mean busy share of the vCPUs, run plus wait time, 0..1
     */
    public record Load(
            long samples, Rates rates, double busyRatio, IdleSlots idle, Peaks peaks, Optional<Levels> levels) {
        public Load {
            Checks.positive("samples", samples);
            Checks.within("busyRatio", busyRatio, 0, 1);
        }
    }

    /** What came and went; "tx" is sent by the guest. */
    public record Rates(
            double txPacketsPerSecond,
            double txBytesPerSecond,
            double rxPacketsPerSecond,
            double rxBytesPerSecond,
            double diskWriteBytesPerSecond) {
        public Rates {
            notNegative("txPacketsPerSecond", txPacketsPerSecond);
            notNegative("txBytesPerSecond", txBytesPerSecond);
            notNegative("rxPacketsPerSecond", rxPacketsPerSecond);
            notNegative("rxBytesPerSecond", rxBytesPerSecond);
            notNegative("diskWriteBytesPerSecond", diskWriteBytesPerSecond);
        }
    }

    /**
     * Idle slots: samples in a row, of one epoch, on which the {@link IdleSlotDetector} has a verdict.
     *
     * @param slots those that began in the window
     * @param shareRatio share of the window spent in them, 0..1
     */
    public record IdleSlots(long slots, double shareRatio, Optional<SlotTimes> times) {
        public IdleSlots {
            Checks.notNegative("slots", slots);
            Checks.within("shareRatio", shareRatio, 0, 1);
        }
    }

    /**
     * How long idle slots were, and how soon they came. A slot's length is the sum of its samples' intervals.
     *
     * @param endedSlots those that ended in the window, wherever they began
     * @param meanNanos their mean length; absent when none ended
     * @param longestNanos the greatest length that a slot had reached at a sample of the window; 0 without one
     * @param meanOnsetNanos how long after the guest's resume a slot began, mean over those that began; absent when
     *     none did
     */
    public record SlotTimes(
            long endedSlots, OptionalDouble meanNanos, long longestNanos, OptionalDouble meanOnsetNanos) {
        public SlotTimes {
            Checks.notNegative("endedSlots", endedSlots);
            meanNanos.ifPresent(nanos -> notNegative("meanNanos", nanos));
            Checks.notNegative("longestNanos", longestNanos);
            meanOnsetNanos.ifPresent(nanos -> notNegative("meanOnsetNanos", nanos));
        }
    }

    /**
     * The highest levels.
     *
     * @param stalledMax most connections stalled at once
     * @param windowFullMax most connections with a full window at once
     * @param zeroWindowMax most connections with a window of zero at once
     * @param pendingMax most requests pending at once
     */
    public record Peaks(
            long heldBytesMax,
            long oldestHeldNanosMax,
            int stalledMax,
            int windowFullMax,
            int zeroWindowMax,
            int pendingMax) {
        public Peaks {
            Checks.notNegative("heldBytesMax", heldBytesMax);
            Checks.notNegative("oldestHeldNanosMax", oldestHeldNanosMax);
            Checks.notNegative("stalledMax", stalledMax);
            Checks.notNegative("windowFullMax", windowFullMax);
            Checks.notNegative("zeroWindowMax", zeroWindowMax);
            Checks.notNegative("pendingMax", pendingMax);
        }
    }

    /**
     * Further levels and rates.
     *
     * @param sampledRatio share of the window that the samples' intervals cover, 0..1; rates of a window that is
     *     covered in part are too low by this factor
     * @param heldPacketsMax most frames held at once
     * @param meanHeldBytes mean of the bytes held
     * @param heldRatio share of the sampled time at whose end output was held, 0..1
     * @param meanPendingRequests mean of the connections with a request pending
     */
    public record Levels(
            double sampledRatio,
            double diskWritesPerSecond,
            double diskFlushesPerSecond,
            long heldPacketsMax,
            double meanHeldBytes,
            double heldRatio,
            int connectionsMax,
            double meanStalledConnections,
            double meanWindowFullConnections,
            double meanZeroWindowConnections,
            double meanPendingRequests,
            long bytesInFlightMax) {
        public Levels {
            Checks.within("sampledRatio", sampledRatio, 0, 1);
            notNegative("diskWritesPerSecond", diskWritesPerSecond);
            notNegative("diskFlushesPerSecond", diskFlushesPerSecond);
            Checks.notNegative("heldPacketsMax", heldPacketsMax);
            notNegative("meanHeldBytes", meanHeldBytes);
            Checks.within("heldRatio", heldRatio, 0, 1);
            Checks.notNegative("connectionsMax", connectionsMax);
            notNegative("meanStalledConnections", meanStalledConnections);
            notNegative("meanWindowFullConnections", meanWindowFullConnections);
            notNegative("meanZeroWindowConnections", meanZeroWindowConnections);
            notNegative("meanPendingRequests", meanPendingRequests);
            Checks.notNegative("bytesInFlightMax", bytesInFlightMax);
        }
    }

    /**
     * Dirty pages.
     *
     * @param source the least trustworthy source among the samples counted
     * @param pagesPerSecond in all
     * @param vcpuPagesPerSecond of each vCPU, by its id; of the first {@link SampleView#MAX_VCPUS}
     * @param imbalanceRatio the largest of them over their mean: 1 when all dirty alike, their number when one does all
     */
    public record Dirtying(
            DirtySource source, double pagesPerSecond, List<Double> vcpuPagesPerSecond, double imbalanceRatio) {
        public Dirtying {
            if (source == DirtySource.NONE) {
                throw new IllegalArgumentException("dirtying is absent where there is no source");
            }
            notNegative("pagesPerSecond", pagesPerSecond);
            vcpuPagesPerSecond = List.copyOf(vcpuPagesPerSecond);
            vcpuPagesPerSecond.forEach(rate -> notNegative("vcpuPagesPerSecond", rate));
            Checks.within("imbalanceRatio", imbalanceRatio, 1, SampleView.MAX_VCPUS);
        }
    }

    /**
     * D(T) = d · T^a, the pages that an epoch dirties, T in milliseconds; see {@link DirtyCurve}.
     *
     * @param pagesAtOneMilli d
     * @param exponentRatio a: how much in percent D grows when T grows by one percent, 0..1
     */
    public record DirtyFit(double pagesAtOneMilli, double exponentRatio) {
        public DirtyFit {
            notNegative("pagesAtOneMilli", pagesAtOneMilli);
            Checks.within("exponentRatio", exponentRatio, 0, 1);
        }
    }

    /**
     * The replication link.
     *
     * @param bytesPerSecond what it takes, mean of the probes' measurement
     * @param useRatio shipped bytes over what it takes; absent in a window without an epoch report, or where it takes
     *     nothing
     * @param backlogBytesMax most bytes queued for the backup
     */
    public record Link(double bytesPerSecond, OptionalDouble useRatio, long backlogBytesMax) {
        public Link {
            notNegative("bytesPerSecond", bytesPerSecond);
            useRatio.ifPresent(ratio -> notNegative("useRatio", ratio));
            Checks.notNegative("backlogBytesMax", backlogBytesMax);
        }
    }

    static void notNegative(String name, double value) {
        Checks.within(name, value, 0, Double.MAX_VALUE);
    }
}
