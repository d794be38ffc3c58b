package io.lull.schemas.wire;

import io.lull.policy.VmId;
import io.lull.policy.signal.WindowMetrics;

/** Maps {@link WindowMetrics}. */
final class MetricsMapper {
    private MetricsMapper() {}

    static io.lull.schemas.avro.WindowMetrics toAvro(WindowMetrics metrics) {
        return new io.lull.schemas.avro.WindowMetrics(
                metrics.vm().value(),
                metrics.windowStartMicros(),
                metrics.windowNanos(),
                metrics.samples(),
                metrics.epochs(),
                metrics.dirtyPagesPerSecond(),
                metrics.txPacketsPerSecond(),
                metrics.txBytesPerSecond(),
                metrics.rxPacketsPerSecond(),
                metrics.rxBytesPerSecond(),
                metrics.diskWriteBytesPerSecond(),
                metrics.busyRatio(),
                metrics.idleSlots(),
                metrics.idleShareRatio(),
                metrics.heldBytesMax(),
                metrics.oldestHeldNanosMax(),
                metrics.stalledMax(),
                metrics.windowFullMax(),
                metrics.zeroWindowMax(),
                metrics.pendingMax(),
                metrics.epochsPerSecond(),
                metrics.pauseP50Nanos(),
                metrics.pauseMaxNanos(),
                metrics.commitP50Nanos(),
                metrics.commitMaxNanos(),
                metrics.shippedBytesPerSecond());
    }

    static WindowMetrics toPolicy(io.lull.schemas.avro.WindowMetrics avro) {
        return new WindowMetrics(
                new VmId(avro.getVmId()),
                avro.getWindowStartMicros(),
                avro.getWindowNanos(),
                avro.getSamples(),
                avro.getEpochs(),
                avro.getDirtyPagesPerSecond(),
                avro.getTxPacketsPerSecond(),
                avro.getTxBytesPerSecond(),
                avro.getRxPacketsPerSecond(),
                avro.getRxBytesPerSecond(),
                avro.getDiskWriteBytesPerSecond(),
                avro.getBusyRatio(),
                avro.getIdleSlots(),
                avro.getIdleShareRatio(),
                avro.getHeldBytesMax(),
                avro.getOldestHeldNanosMax(),
                avro.getStalledMax(),
                avro.getWindowFullMax(),
                avro.getZeroWindowMax(),
                avro.getPendingMax(),
                avro.getEpochsPerSecond(),
                avro.getPauseP50Nanos(),
                avro.getPauseMaxNanos(),
                avro.getCommitP50Nanos(),
                avro.getCommitMaxNanos(),
                avro.getShippedBytesPerSecond());
    }
}
