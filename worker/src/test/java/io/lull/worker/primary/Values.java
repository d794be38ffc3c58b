package io.lull.worker.primary;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.LeasedPlan;
import io.lull.policy.Reason;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import io.lull.worker.capture.Capture;
import io.lull.worker.capture.StagingArea;
import java.util.List;

/** One plausible value of each record. */
final class Values {
    static final VmId VM = new VmId("db");
    static final VmId OTHER_VM = new VmId("web");

    private static final long INTERVAL_NANOS = 1_000_000;

    private Values() {}

    static StandingPlan plan(long planId, long leaseUntilMicros) {
        return plan(planId, leaseUntilMicros, Conditions.NONE);
    }

    static StandingPlan plan(long planId, long leaseUntilMicros, Conditions conditions) {
        return plan(planId, leaseUntilMicros, conditions, TriggerPlacement.HOST);
    }

    static StandingPlan plan(long planId, long leaseUntilMicros, Conditions conditions, TriggerPlacement placement) {
        EpochPlan plan =
                new EpochPlan("remus.fixed", 2_000_000, 100_000_000, conditions, placement, Reason.of("configured"));
        return new StandingPlan(VM, planId + 100, new LeasedPlan(planId, plan, leaseUntilMicros));
    }

    static EndEpoch endEpoch(VmId vm, long epoch, long expiresAtMicros) {
        return new EndEpoch(vm, 5, epoch, TriggerReason.IDLE_SLOT, true, 1, 2, expiresAtMicros);
    }

    /** A sample of a busy VM. */
    static VmSample sample(long epoch, long elapsedNanos, long atMicros) {
        return sample(epoch, elapsedNanos, atMicros, DiskSample.NONE);
    }

    static VmSample sample(long epoch, long elapsedNanos, long atMicros, DiskSample disk) {
        return new VmSample(
                VM,
                "host-a",
                epoch,
                atMicros,
                INTERVAL_NANOS,
                elapsedNanos,
                List.of(new VcpuSample(0, 0, INTERVAL_NANOS, 0)),
                DirtySource.KVM_STATS,
                NetworkSample.NONE,
                disk,
                TcpSample.NONE,
                new HostSample(2, 1.5, true, 1 << 30, 0));
    }

    /** A capture of 7 pages: told to pause at 1000, paused at 1010, resumed at 1100. */
    static Capture capture() {
        return new Capture(new StagingArea(1, 1), 7, 300, 1000, 1010, 1050, 1090, 1100, 65);
    }

    static Firing firing(long epoch) {
        return new Firing(epoch, TriggerReason.T_MAX, 9, 4, 990, 0.25);
    }

    static EpochBook.Captured captured(long epoch) {
        return new EpochBook.Captured(epoch, firing(epoch), capture(), 900, 17, List.of(7L), 512);
    }

    static EpochBook.Shipped shipped() {
        return new EpochBook.Shipped(
                new EpochReport.Pages(7, 1, 2, 3, 1), 28_672, 9_000, 5_000, 1, 2, 3, 1500, "zstd", 2);
    }
}
