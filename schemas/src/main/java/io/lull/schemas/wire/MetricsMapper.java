package io.lull.schemas.wire;

import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.WindowEpochs;
import io.lull.policy.signal.WindowMetrics;
import io.lull.schemas.avro.WindowDirtyFit;
import io.lull.schemas.avro.WindowDirtySource;
import io.lull.schemas.avro.WindowDirtying;
import io.lull.schemas.avro.WindowLevels;
import io.lull.schemas.avro.WindowLink;
import io.lull.schemas.avro.WindowSlotTimes;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Maps {@link WindowMetrics}. The first released schema knew no absence: where {@code samples} or {@code epochs} is 0,
 * the fields of that time that depend on it are 0 and mean nothing.
 */
final class MetricsMapper {
    /** What is written where there is no load; but for {@code samples}, which is 0 then. */
    private static final WindowMetrics.Load NO_LOAD = new WindowMetrics.Load(
            1,
            new WindowMetrics.Rates(0, 0, 0, 0, 0),
            0,
            new WindowMetrics.IdleSlots(0, 0, Optional.empty()),
            new WindowMetrics.Peaks(0, 0, 0, 0, 0, 0),
            Optional.empty());

    private MetricsMapper() {}

    static io.lull.schemas.avro.WindowMetrics toAvro(WindowMetrics metrics) {
        WindowMetrics.Load load = metrics.load().orElse(NO_LOAD);
        WindowEpochs epochs = metrics.epochs().orElse(WindowEpochsMapper.NO_EPOCHS);
        return new io.lull.schemas.avro.WindowMetrics(
                metrics.vm().value(),
                metrics.windowStartMicros(),
                metrics.windowNanos(),
                metrics.load().map(WindowMetrics.Load::samples).orElse(0L),
                metrics.epochs().map(WindowEpochs::epochs).orElse(0L),
                metrics.dirtying().map(WindowMetrics.Dirtying::pagesPerSecond).orElse(0.0),
                load.rates().txPacketsPerSecond(),
                load.rates().txBytesPerSecond(),
                load.rates().rxPacketsPerSecond(),
                load.rates().rxBytesPerSecond(),
                load.rates().diskWriteBytesPerSecond(),
                load.busyRatio(),
                load.idle().slots(),
                load.idle().shareRatio(),
                load.peaks().heldBytesMax(),
                load.peaks().oldestHeldNanosMax(),
                load.peaks().stalledMax(),
                load.peaks().windowFullMax(),
                load.peaks().zeroWindowMax(),
                load.peaks().pendingMax(),
                WindowEpochsMapper.perSecond(metrics),
                epochs.pause().p50Nanos(),
                epochs.pause().maxNanos(),
                epochs.commit().p50Nanos(),
                epochs.commit().maxNanos(),
                epochs.shippedBytesPerSecond(),
                load.idle().times().map(MetricsMapper::slotTimes).orElse(null),
                load.levels().map(MetricsMapper::levels).orElse(null),
                metrics.dirtying().map(MetricsMapper::dirtying).orElse(null),
                metrics.dirtyFit()
                        .map(fit -> new WindowDirtyFit(fit.pagesAtOneMilli(), fit.exponentRatio()))
                        .orElse(null),
                WindowEpochsMapper.tails(epochs.pause()),
                WindowEpochsMapper.tails(epochs.commit()),
                epochs.release().map(WindowEpochsMapper::release).orElse(null),
                epochs.coding().map(WindowEpochsMapper::coding).orElse(null),
                metrics.link()
                        .map(link -> new WindowLink(
                                link.bytesPerSecond(), nullable(link.useRatio()), link.backlogBytesMax()))
                        .orElse(null));
    }

    static WindowMetrics toPolicy(io.lull.schemas.avro.WindowMetrics avro) {
        return new WindowMetrics(
                new VmId(avro.getVmId()),
                avro.getWindowStartMicros(),
                avro.getWindowNanos(),
                avro.getSamples() == 0 ? Optional.empty() : Optional.of(load(avro)),
                Optional.ofNullable(avro.getDirtying())
                        .map(dirtying -> new WindowMetrics.Dirtying(
                                Symbols.known(DirtySource.class, dirtying.getSource()),
                                avro.getDirtyPagesPerSecond(),
                                dirtying.getVcpuPagesPerSecond(),
                                dirtying.getImbalanceRatio())),
                Optional.ofNullable(avro.getDirtyFit())
                        .map(fit -> new WindowMetrics.DirtyFit(fit.getPagesAtOneMilli(), fit.getExponentRatio())),
                avro.getEpochs() == 0 ? Optional.empty() : Optional.of(WindowEpochsMapper.of(avro)),
                Optional.ofNullable(avro.getLink())
                        .map(link -> new WindowMetrics.Link(
                                link.getBytesPerSecond(), optional(link.getUseRatio()), link.getBacklogBytesMax())));
    }

    /** The Avro form of a number that may be absent. */
    static @Nullable Double nullable(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    /** The number that an Avro field may hold. */
    static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static WindowMetrics.Load load(io.lull.schemas.avro.WindowMetrics avro) {
        return new WindowMetrics.Load(
                avro.getSamples(),
                new WindowMetrics.Rates(
                        avro.getTxPacketsPerSecond(),
                        avro.getTxBytesPerSecond(),
                        avro.getRxPacketsPerSecond(),
                        avro.getRxBytesPerSecond(),
                        avro.getDiskWriteBytesPerSecond()),
                avro.getBusyRatio(),
                new WindowMetrics.IdleSlots(
                        avro.getIdleSlots(),
                        avro.getIdleShareRatio(),
                        Optional.ofNullable(avro.getSlotTimes()).map(MetricsMapper::slotTimes)),
                new WindowMetrics.Peaks(
                        avro.getHeldBytesMax(),
                        avro.getOldestHeldNanosMax(),
                        avro.getStalledMax(),
                        avro.getWindowFullMax(),
                        avro.getZeroWindowMax(),
                        avro.getPendingMax()),
                Optional.ofNullable(avro.getLevels()).map(MetricsMapper::levels));
    }

    private static WindowDirtying dirtying(WindowMetrics.Dirtying dirtying) {
        return new WindowDirtying(
                Symbols.symbol(WindowDirtySource.class, dirtying.source()),
                dirtying.vcpuPagesPerSecond(),
                dirtying.imbalanceRatio());
    }

    private static WindowSlotTimes slotTimes(WindowMetrics.SlotTimes times) {
        return new WindowSlotTimes(
                times.endedSlots(),
                nullable(times.meanNanos()),
                times.longestNanos(),
                nullable(times.meanOnsetNanos()));
    }

    private static WindowMetrics.SlotTimes slotTimes(WindowSlotTimes avro) {
        return new WindowMetrics.SlotTimes(
                avro.getEndedSlots(),
                optional(avro.getMeanNanos()),
                avro.getLongestNanos(),
                optional(avro.getMeanOnsetNanos()));
    }

    private static WindowLevels levels(WindowMetrics.Levels levels) {
        return new WindowLevels(
                levels.sampledRatio(),
                levels.diskWritesPerSecond(),
                levels.diskFlushesPerSecond(),
                levels.heldPacketsMax(),
                levels.meanHeldBytes(),
                levels.heldRatio(),
                levels.connectionsMax(),
                levels.meanStalledConnections(),
                levels.meanWindowFullConnections(),
                levels.meanZeroWindowConnections(),
                levels.meanPendingRequests(),
                levels.bytesInFlightMax());
    }

    private static WindowMetrics.Levels levels(WindowLevels avro) {
        return new WindowMetrics.Levels(
                avro.getSampledRatio(),
                avro.getDiskWritesPerSecond(),
                avro.getDiskFlushesPerSecond(),
                avro.getHeldPacketsMax(),
                avro.getMeanHeldBytes(),
                avro.getHeldRatio(),
                avro.getConnectionsMax(),
                avro.getMeanStalledConnections(),
                avro.getMeanWindowFullConnections(),
                avro.getMeanZeroWindowConnections(),
                avro.getMeanPendingRequests(),
                avro.getBytesInFlightMax());
    }
}
