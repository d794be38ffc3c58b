package io.lull.schemas.wire;

import io.lull.policy.TriggerReason;
import io.lull.policy.signal.WindowEpochs;
import io.lull.policy.signal.WindowMetrics;
import io.lull.schemas.avro.WindowCoding;
import io.lull.schemas.avro.WindowEpochReason;
import io.lull.schemas.avro.WindowReason;
import io.lull.schemas.avro.WindowRelease;
import io.lull.schemas.avro.WindowTails;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Maps the part of {@link WindowMetrics} that stems from epoch reports. */
final class WindowEpochsMapper {
    private static final double NANOS_PER_SECOND = 1e9;

    private static final WindowEpochs.Times NO_TIMES = new WindowEpochs.Times(0, Optional.empty(), 0);

    /** What is written where there are no epochs; but for {@code epochs}, which is 0 then. */
    static final WindowEpochs NO_EPOCHS =
            new WindowEpochs(1, NO_TIMES, NO_TIMES, 0, Optional.empty(), Optional.empty());

    private WindowEpochsMapper() {}

    static double perSecond(WindowMetrics metrics) {
        return metrics.epochs().map(WindowEpochs::epochs).orElse(0L) * (NANOS_PER_SECOND / metrics.windowNanos());
    }

    static WindowEpochs of(io.lull.schemas.avro.WindowMetrics avro) {
        return new WindowEpochs(
                avro.getEpochs(),
                times(avro.getPauseP50Nanos(), avro.getPauseTails(), avro.getPauseMaxNanos()),
                times(avro.getCommitP50Nanos(), avro.getCommitTails(), avro.getCommitMaxNanos()),
                avro.getShippedBytesPerSecond(),
                Optional.ofNullable(avro.getRelease()).map(WindowEpochsMapper::release),
                Optional.ofNullable(avro.getCoding()).map(WindowEpochsMapper::coding));
    }

    static @Nullable WindowTails tails(WindowEpochs.Times times) {
        return times.tails()
                .map(tails -> new WindowTails(tails.p90Nanos(), tails.p99Nanos()))
                .orElse(null);
    }

    private static WindowEpochs.Times times(long p50Nanos, @Nullable WindowTails tails, long maxNanos) {
        return new WindowEpochs.Times(
                p50Nanos,
                Optional.ofNullable(tails).map(both -> new WindowEpochs.Tails(both.getP90Nanos(), both.getP99Nanos())),
                maxNanos);
    }

    static WindowRelease release(WindowEpochs.Release release) {
        List<WindowReason> reasons = release.byReason().entrySet().stream()
                .map(entry ->
                        new WindowReason(Symbols.symbol(WindowEpochReason.class, entry.getKey()), entry.getValue()))
                .toList();
        return new WindowRelease(
                reasons, release.meanLengthNanos(), release.releasedPacketsPerSecond(), release.heldWaitNanosMax());
    }

    private static WindowEpochs.Release release(WindowRelease avro) {
        Map<TriggerReason, Long> reasons = new EnumMap<>(TriggerReason.class);
        for (WindowReason counted : avro.getByReason()) {
            TriggerReason reason = Symbols.known(TriggerReason.class, counted.getReason());
            if (reasons.put(reason, counted.getEpochs()) != null) {
                throw new IllegalArgumentException("byReason has " + reason + " twice");
            }
        }
        return new WindowEpochs.Release(
                reasons, avro.getMeanLengthNanos(), avro.getReleasedPacketsPerSecond(), avro.getHeldWaitNanosMax());
    }

    static WindowCoding coding(WindowEpochs.Coding coding) {
        return new WindowCoding(
                coding.meanDirtyPages(),
                coding.unchangedRatio(),
                coding.zeroRatio(),
                coding.rawRatio(),
                coding.deltaBytesPerPage(),
                coding.wireBytesPerPage(),
                MetricsMapper.nullable(coding.deltaRatio()),
                MetricsMapper.nullable(coding.shippedRatio()));
    }

    private static WindowEpochs.Coding coding(WindowCoding avro) {
        return new WindowEpochs.Coding(
                avro.getMeanDirtyPages(),
                avro.getUnchangedRatio(),
                avro.getZeroRatio(),
                avro.getRawRatio(),
                avro.getDeltaBytesPerPage(),
                avro.getWireBytesPerPage(),
                MetricsMapper.optional(avro.getDeltaRatio()),
                MetricsMapper.optional(avro.getShippedRatio()));
    }
}
