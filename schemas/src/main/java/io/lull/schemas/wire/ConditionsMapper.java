package io.lull.schemas.wire;

import io.lull.policy.Conditions;
import io.lull.policy.DirtyRule;
import io.lull.policy.DivergenceRule;
import io.lull.policy.IdleRule;
import io.lull.policy.OutputRule;
import io.lull.policy.ServiceRule;
import io.lull.policy.ServicesRule;
import io.lull.policy.WaitRule;
import io.lull.schemas.avro.DirtyThreshold;
import io.lull.schemas.avro.DivergenceThreshold;
import io.lull.schemas.avro.IdleThresholds;
import io.lull.schemas.avro.OutputThresholds;
import io.lull.schemas.avro.Plan;
import io.lull.schemas.avro.ServiceThreshold;
import io.lull.schemas.avro.WaitThresholds;
import java.util.Optional;

/** Maps {@link Conditions}, which lie in a plan as one optional record each. */
final class ConditionsMapper {
    private ConditionsMapper() {}

    static Conditions toPolicy(Plan avro) {
        return new Conditions(
                Optional.ofNullable(avro.getIdleRule()).map(ConditionsMapper::toPolicy),
                Optional.ofNullable(avro.getOutputRule()).map(ConditionsMapper::toPolicy),
                Optional.ofNullable(avro.getDirtyRule()).map(rule -> new DirtyRule(rule.getMaxDirtyPages())),
                Optional.ofNullable(avro.getWaitRule()).map(ConditionsMapper::toPolicy),
                Optional.ofNullable(avro.getDivergenceRule()).map(rule -> new DivergenceRule(rule.getHoldOffNanos())));
    }

    static IdleThresholds toAvro(IdleRule rule) {
        return new IdleThresholds(
                rule.busyRatio(), rule.idleNanos(), rule.quietNanos(), rule.weakIdleNanos(), rule.settleNanos());
    }

    static OutputThresholds toAvro(OutputRule rule) {
        return new OutputThresholds(
                rule.minHeldPackets(),
                rule.minDiskWrites(),
                rule.paceRatio(),
                rule.transferNanos(),
                rule.transferNanosPerPage());
    }

    static DirtyThreshold toAvro(DirtyRule rule) {
        return new DirtyThreshold(rule.maxDirtyPages());
    }

    static WaitThresholds toAvro(WaitRule rule) {
        return new WaitThresholds(
                rule.waitPriceRatio(),
                rule.averageLossRatio(),
                rule.talkPackets(),
                rule.stuckRequests(),
                rule.nanosPerPacket(),
                rule.gapNanos(),
                rule.saturatedBusyRatio(),
                rule.busyRatio(),
                rule.answeredBusyRatio(),
                rule.pauseNanos(),
                rule.pauseNanosPerPage(),
                rule.slotsPerSecond(),
                rule.maxHeldNanos(),
                rule.readyWorkNanos(),
                rule.services().besidesLoss(),
                rule.services().services().stream()
                        .map(service -> new ServiceThreshold(
                                service.port(), service.clients(), service.priceRatio(), service.lossRatio()))
                        .toList());
    }

    static DivergenceThreshold toAvro(DivergenceRule rule) {
        return new DivergenceThreshold(rule.holdOffNanos());
    }

    private static IdleRule toPolicy(IdleThresholds avro) {
        return new IdleRule(
                avro.getBusyRatio(),
                avro.getIdleNanos(),
                avro.getQuietNanos(),
                avro.getWeakIdleNanos(),
                avro.getSettleNanos());
    }

    private static OutputRule toPolicy(OutputThresholds avro) {
        return new OutputRule(
                avro.getMinHeldPackets(),
                avro.getMinDiskWrites(),
                avro.getPaceRatio(),
                avro.getTransferNanos(),
                avro.getTransferNanosPerPage());
    }

    private static WaitRule toPolicy(WaitThresholds avro) {
        return new WaitRule(
                avro.getWaitPriceRatio(),
                avro.getAverageLossRatio(),
                avro.getTalkPackets(),
                avro.getStuckRequests(),
                avro.getNanosPerPacket(),
                avro.getGapNanos(),
                avro.getSaturatedBusyRatio(),
                avro.getBusyRatio(),
                avro.getAnsweredBusyRatio(),
                avro.getPauseNanos(),
                avro.getPauseNanosPerPage(),
                avro.getSlotsPerSecond(),
                avro.getMaxHeldNanos(),
                avro.getReadyWorkNanos(),
                new ServicesRule(
                        avro.getBesidesLoss(),
                        avro.getServices().stream()
                                .map(service -> new ServiceRule(
                                        service.getPort(), service.getClients(), service.getPrice(), service.getLoss()))
                                .toList()));
    }
}
