package io.lull.worker.record;

import io.lull.policy.Decision;
import io.lull.policy.Reason;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.List;

/** Plausible records of one VM. */
final class Values {
    static final VmId VM = new VmId("web-1");

    private Values() {}

    static VmSample sample(long sampledAtMicros) {
        return new VmSample(
                VM,
                "host-a",
                3,
                sampledAtMicros,
                1_000_000,
                7_000_000,
                List.of(new VcpuSample(0, 12, 400_000, 10_000)),
                DirtySource.NONE,
                NetworkSample.NONE,
                DiskSample.NONE,
                TcpSample.NONE,
                new HostSample(2, 1.5, false, 0, 0));
    }

    static EpochReport report(long epoch, long decisionId, TriggerReason reason, long endedAtMicros) {
        return new EpochReport(
                VM,
                "host-a",
                epoch,
                decisionId,
                reason,
                endedAtMicros,
                8_200_000,
                new EpochReport.Pause(400_000, 2_000_000, 50_000, 60_000, 90_000),
                new EpochReport.Pages(10, 1, 2, 3, 4),
                List.of(6L, 4L),
                new EpochReport.Bytes(40_960, 9_000, 5_000, 1_000, 0),
                new EpochReport.Stages(1, 2, 3, 4, 3_100_000),
                new EpochReport.Held(10, 1_200, 9_300_000),
                new EpochReport.Trigger(12_000, 400_000, 0.25),
                "lz4",
                2);
    }

    static Decision decision(long id, long decidedAtMicros) {
        return new Decision(
                VM,
                id,
                decidedAtMicros,
                3,
                "plover.idle",
                Decision.Kind.PLAN,
                List.of(new Decision.NamedValue("busyRatio", 0.25), new Decision.NamedValue("heldBytes", 1_200)),
                List.of("plan", "none"),
                List.of("clamp"),
                Reason.of("idle slots end epochs").and("clamped to 25 ms"));
    }
}
