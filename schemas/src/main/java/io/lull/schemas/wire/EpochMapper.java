package io.lull.schemas.wire;

import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.schemas.avro.EpochReason;
import io.lull.schemas.avro.Held;
import io.lull.schemas.avro.Pages;
import io.lull.schemas.avro.Pause;
import io.lull.schemas.avro.StageBytes;
import io.lull.schemas.avro.StageTimes;
import io.lull.schemas.avro.TriggerTimes;

/** Maps {@link EpochReport}; for the codec and for files. */
public final class EpochMapper {
    private EpochMapper() {}

    public static io.lull.schemas.avro.EpochReport toAvro(EpochReport report) {
        EpochReport.Held held = report.held();
        EpochReport.Trigger trigger = report.trigger();
        return new io.lull.schemas.avro.EpochReport(
                report.vm().value(),
                report.hostId(),
                report.epoch(),
                report.decisionId(),
                Symbols.symbol(EpochReason.class, report.reason()),
                report.endedAtMicros(),
                report.lengthNanos(),
                pause(report.pause()),
                pages(report.pages()),
                report.dirtyPagesPerVcpu(),
                bytes(report.bytes()),
                stages(report.stages()),
                new Held(held.packets(), held.bytes(), held.maxWaitNanos(), held.known()),
                new TriggerTimes(trigger.signalToDecisionNanos(), trigger.decisionToPauseNanos(), trigger.busyRatio()),
                report.codec(),
                report.threads());
    }

    public static EpochReport toPolicy(io.lull.schemas.avro.EpochReport avro) {
        Held held = avro.getHeld();
        TriggerTimes trigger = avro.getTrigger();
        return new EpochReport(
                new VmId(avro.getVmId()),
                avro.getHostId(),
                avro.getEpoch(),
                avro.getDecisionId(),
                Symbols.known(TriggerReason.class, avro.getReason()),
                avro.getEndedAtMicros(),
                avro.getLengthNanos(),
                pause(avro.getPause()),
                pages(avro.getPages()),
                avro.getDirtyPagesPerVcpu(),
                bytes(avro.getBytes()),
                stages(avro.getStages()),
                new EpochReport.Held(held.getPackets(), held.getBytes(), held.getMaxWaitNanos(), held.getKnown()),
                new EpochReport.Trigger(
                        trigger.getSignalToDecisionNanos(), trigger.getDecisionToPauseNanos(), trigger.getBusyRatio()),
                avro.getCodec(),
                avro.getThreads());
    }

    private static Pause pause(EpochReport.Pause pause) {
        return new Pause(
                pause.stopNanos(),
                pause.captureNanos(),
                pause.deviceStateNanos(),
                pause.resumeNanos(),
                pause.workerNanos());
    }

    private static EpochReport.Pause pause(Pause avro) {
        return new EpochReport.Pause(
                avro.getStopNanos(),
                avro.getCaptureNanos(),
                avro.getDeviceStateNanos(),
                avro.getResumeNanos(),
                avro.getWorkerNanos());
    }

    private static Pages pages(EpochReport.Pages pages) {
        return new Pages(
                pages.dirtyPages(), pages.unchangedPages(), pages.zeroPages(), pages.deltaPages(), pages.rawPages());
    }

    private static EpochReport.Pages pages(Pages avro) {
        return new EpochReport.Pages(
                avro.getDirtyPages(),
                avro.getUnchangedPages(),
                avro.getZeroPages(),
                avro.getDeltaPages(),
                avro.getRawPages());
    }

    private static StageBytes bytes(EpochReport.Bytes bytes) {
        return new StageBytes(
                bytes.writtenBytes(),
                bytes.deltaBytes(),
                bytes.shippedBytes(),
                bytes.deviceStateBytes(),
                bytes.diskBytes());
    }

    private static EpochReport.Bytes bytes(StageBytes avro) {
        return new EpochReport.Bytes(
                avro.getWrittenBytes(),
                avro.getDeltaBytes(),
                avro.getShippedBytes(),
                avro.getDeviceStateBytes(),
                avro.getDiskBytes());
    }

    private static StageTimes stages(EpochReport.Stages stages) {
        return new StageTimes(
                stages.hashNanos(),
                stages.deltaNanos(),
                stages.compressNanos(),
                stages.shipNanos(),
                stages.commitNanos());
    }

    private static EpochReport.Stages stages(StageTimes avro) {
        return new EpochReport.Stages(
                avro.getHashNanos(),
                avro.getDeltaNanos(),
                avro.getCompressNanos(),
                avro.getShipNanos(),
                avro.getCommitNanos());
    }
}
