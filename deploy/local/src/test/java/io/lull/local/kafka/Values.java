package io.lull.local.kafka;

import io.lull.policy.Conditions;
import io.lull.policy.Decision;
import io.lull.policy.EpochPlan;
import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.OperatorIntent;
import io.lull.policy.Reason;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import io.lull.policy.signal.WindowEpochs;
import io.lull.policy.signal.WindowMetrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One plausible value of each record. */
final class Values {
    /**
     * Settings of a broker that comes back soon after it ended without saying so, as ours do: it is let in again only when
     * the session of its life before has run out. Kafka's default is 9 s, which a busy machine needs.
     */
    static final Map<String, String> BACK_SOON =
            Map.of("broker.session.timeout.ms", "3000", "broker.heartbeat.interval.ms", "500");

    static final VmId VM = new VmId("web-1");
    static final VmId OTHER_VM = new VmId("web-2");

    private Values() {}

    static VmSample sample(long epoch, long sampledAtMicros) {
        return new VmSample(
                VM,
                "host-a",
                epoch,
                sampledAtMicros,
                1_000_000,
                7_000_000,
                List.of(new VcpuSample(0, 12, 400_000, 10_000)),
                DirtySource.KVM_STATS,
                NetworkSample.NONE,
                DiskSample.NONE,
                TcpSample.NONE,
                new HostSample(2, 1.5, true, 1 << 30, 0));
    }

    static EpochReport report(long epoch) {
        return new EpochReport(
                VM,
                "host-a",
                epoch,
                0,
                TriggerReason.IDLE_SLOT,
                17,
                25_000_000,
                new EpochReport.Pause(1, 2, 3, 4, 5),
                new EpochReport.Pages(10, 1, 2, 3, 4),
                List.of(6L, 4L),
                new EpochReport.Bytes(40_960, 9_000, 5_000, 1_000, 0),
                new EpochReport.Stages(1, 2, 3, 4, 5),
                new EpochReport.Held(1, 60, 9_000),
                new EpochReport.Trigger(1, 2, 0.5),
                "lz4",
                2);
    }

    static WorkerCommand.EndEpoch endEpoch(VmId vm, long epoch) {
        return new WorkerCommand.EndEpoch(vm, 5, epoch, TriggerReason.IDLE_SLOT, true, 1, 2, 3);
    }

    static WorkerCommand.StandingPlan plan(VmId vm, long planId, long leaseUntilMicros) {
        EpochPlan plan = new EpochPlan(
                "remus.fixed",
                2_000_000,
                25_000_000,
                Conditions.of(IdleRule.DEFAULT),
                TriggerPlacement.HOST,
                Reason.of("as configured"));
        return new WorkerCommand.StandingPlan(vm, planId, new LeasedPlan(planId, plan, leaseUntilMicros));
    }

    static Decision decision() {
        return new Decision(
                VM,
                5,
                17,
                3,
                "remus.fixed",
                Decision.Kind.PLAN,
                List.of(new Decision.NamedValue("busyRatio", 0.25)),
                List.of("plan", "none"),
                List.of("clamp"),
                Reason.of("as configured"));
    }

    static OperatorIntent pause() {
        return new OperatorIntent(
                VM,
                OperatorIntent.Kind.PAUSE,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Targets.NONE,
                "ada",
                "maintenance",
                17,
                OptionalLong.of(99));
    }

    static WindowMetrics metrics() {
        return new WindowMetrics(
                VM,
                17,
                100_000_000,
                Optional.of(new WindowMetrics.Load(
                        100,
                        new WindowMetrics.Rates(9, 9_000, 8, 800, 0),
                        0.25,
                        new WindowMetrics.IdleSlots(3, 0.5, Optional.empty()),
                        new WindowMetrics.Peaks(4_000, 9_000_000, 1, 0, 0, 2),
                        Optional.empty())),
                Optional.of(new WindowMetrics.Dirtying(DirtySource.KVM_STATS, 120, List.of(80.0, 40.0), 80 / 60.0)),
                Optional.of(new WindowMetrics.DirtyFit(12, 0.45)),
                Optional.of(new WindowEpochs(
                        4,
                        new WindowEpochs.Times(500_000, Optional.empty(), 900_000),
                        new WindowEpochs.Times(3_000_000, Optional.empty(), 4_000_000),
                        200_000,
                        Optional.empty(),
                        Optional.empty())),
                Optional.empty());
    }

    static ReplicationEvent event() {
        return new ReplicationEvent(VM, "host-a", ReplicationEvent.Kind.PROTECTED, 17, 3, "first commit");
    }
}
