package io.lull.policy.signal;

import static io.lull.policy.signal.WindowMetrics.notNegative;

import io.lull.policy.Checks;
import io.lull.policy.TriggerReason;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Committed checkpoints; one belongs to the window in which it was committed.
 *
 * @param epochs how many
 * @param pause how long the guest stood still
 * @param commit from paused to acknowledged
 */
public record WindowEpochs(
        long epochs,
        Times pause,
        Times commit,
        double shippedBytesPerSecond,
        Optional<Release> release,
        Optional<Coding> coding) {
    public WindowEpochs {
        Checks.positive("epochs", epochs);
        notNegative("shippedBytesPerSecond", shippedBytesPerSecond);
    }

    /** Quantiles of a time by nearest rank; the job's histogram says how exact they are. */
    public record Times(long p50Nanos, Optional<Tails> tails, long maxNanos) {
        public Times {
            Checks.notNegative("p50Nanos", p50Nanos);
            Checks.notNegative("maxNanos", maxNanos);
        }
    }

    /** The higher quantiles. */
    public record Tails(long p90Nanos, long p99Nanos) {
        public Tails {
            Checks.notNegative("p90Nanos", p90Nanos);
            Checks.notNegative("p99Nanos", p99Nanos);
        }
    }

    /**
     * What ended epochs, and what they let go.
     *
     * @param byReason how many epochs ended for which reason; reasons without one are left out
     * @param meanLengthNanos mean time that the guest ran
     * @param releasedPacketsPerSecond frames released
     * @param heldWaitNanosMax longest time that a frame was held before its release
     */
    public record Release(
            Map<TriggerReason, Long> byReason,
            double meanLengthNanos,
            double releasedPacketsPerSecond,
            long heldWaitNanosMax) {
        public Release {
            byReason = Map.copyOf(byReason);
            byReason.forEach((reason, epochs) -> Checks.positive(reason.name(), epochs));
            notNegative("meanLengthNanos", meanLengthNanos);
            notNegative("releasedPacketsPerSecond", releasedPacketsPerSecond);
            Checks.notNegative("heldWaitNanosMax", heldWaitNanosMax);
        }
    }

    /**
     * What became of dirty pages at each stage; absent when there were none. All are ratios of sums: a large epoch
     * counts for what it is.
     *
     * @param meanDirtyPages dirty pages of an epoch
     * @param unchangedRatio share of the dirty pages that hold what they held before, 0..1
     * @param zeroRatio share of them that are now all zero, 0..1
     * @param rawRatio share of them that were shipped whole, 0..1
     * @param deltaBytesPerPage bytes of a dirty page after compare and delta
     * @param wireBytesPerPage bytes of a dirty page on the wire, all else that an epoch ships included
     * @param deltaRatio bytes after compare and delta over bytes written; absent when no byte was written
     * @param shippedRatio bytes on the wire over bytes written; absent when no byte was written
     */
    public record Coding(
            double meanDirtyPages,
            double unchangedRatio,
            double zeroRatio,
            double rawRatio,
            double deltaBytesPerPage,
            double wireBytesPerPage,
            OptionalDouble deltaRatio,
            OptionalDouble shippedRatio) {
        public Coding {
            notNegative("meanDirtyPages", meanDirtyPages);
            Checks.within("unchangedRatio", unchangedRatio, 0, 1);
            Checks.within("zeroRatio", zeroRatio, 0, 1);
            Checks.within("rawRatio", rawRatio, 0, 1);
            notNegative("deltaBytesPerPage", deltaBytesPerPage);
            notNegative("wireBytesPerPage", wireBytesPerPage);
            deltaRatio.ifPresent(ratio -> notNegative("deltaRatio", ratio));
            shippedRatio.ifPresent(ratio -> notNegative("shippedRatio", ratio));
        }
    }
}
